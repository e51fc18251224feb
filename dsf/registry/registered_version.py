"""One version of a registered model, as MLflow tells of it; and its address."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dsf.registry.earned import Earned

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RegisteredVersion", "parse_model_uri"]

_URI = re.compile(r"models:/+(?P<name>[^/@]+)(?:/(?P<version>[^/@]+)|@(?P<alias>[^/@]+))")


def parse_model_uri(text: str) -> tuple[str, str] | None:
    """Split ``models:/NAME/3`` or ``models:/NAME@champion`` into name and version or alias.

    Returns:
        ``None`` of any other text.

    Example:
        >>> parse_model_uri("models:/shop-intents@champion")
        ('shop-intents', 'champion')
    """
    found = _URI.fullmatch(text)
    return (found["name"], found["version"] or found["alias"]) if found else None


@dataclass(frozen=True)
class RegisteredVersion:
    """One version of a registered model.

    Attributes:
        name: Of the model.
        version: Its number, as text.
        aliases: Names that point to it, sorted.
        run_id: MLflow's id of the run that it comes from; empty without one.
        created: ISO 8601, UTC.
        description: For people.
        tags: All of MLflow's tags.
    """

    name: str
    version: str
    aliases: tuple[str, ...] = ()
    run_id: str = ""
    created: str = ""
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """Its address: ``models:/NAME/3``."""
        return f"models:/{self.name}/{self.version}"

    @property
    def earned(self) -> Earned | None:
        """The verdict on its bundle; ``None`` if dsf has not registered it."""
        return Earned.from_tags(self.tags)

    @classmethod
    def from_mlflow(cls, version: Any, aliases: Mapping[str, Any]) -> RegisteredVersion:
        """Read what MLflow tells of a version.

        Args:
            version: As MLflow gives it.
            aliases: Those of the model, each with the number of the version that it points to.
        """
        number = str(version.version)
        created = datetime.fromtimestamp(version.creation_timestamp / 1000, UTC)
        return cls(
            name=version.name,
            version=number,
            aliases=tuple(sorted(one for one, of in aliases.items() if str(of) == number)),
            run_id=version.run_id or "",
            created=created.isoformat(timespec="seconds"),
            description=version.description or "",
            tags=dict(version.tags),
        )
