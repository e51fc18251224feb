"""What a tracker has to know: where, under which name, and how long to wait."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.config.environment import EnvironmentText
from dsf.core.config.tracking_section import TrackingConfig
from dsf.core.config.validation import validate_config
from dsf.core.errors import ConfigError, Problem
from dsf.tracking.hiding import hide_credentials
from dsf.tracking.uris import Place, find_place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TrackingSettings", "check_values"]


@dataclass(frozen=True)
class TrackingSettings:
    """Where a run is tracked, and how.

    Attributes:
        project: The project's folder; relative places count from there.
        tracking_uri: See :func:`dsf.tracking.uris.find_place_of`. It may hold credentials, and
            so it is in no ``repr``.
        experiment_name: Made when absent. ``None``: the name of the project's folder.
        artifact_location: Where a new experiment keeps its files. ``None``: beside a SQLite file;
            elsewhere the server decides.
        run_name: ``None``: the name of the run's folder.
        description: Shown by MLflow as the run's note.
        tags: Set on the run when it is made.
        patience: Seconds that anything waits for the store at most.
        system_metrics: Whether use of CPU, GPU, disk and network is logged as well.
        system_metrics_interval: Seconds between two looks at them.
    """

    project: Path
    tracking_uri: str | None = field(default=None, repr=False)
    experiment_name: str | None = None
    artifact_location: str | None = None
    run_name: str | None = None
    description: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    patience: float = 10.0
    system_metrics: bool = False
    system_metrics_interval: float = 10.0

    @classmethod
    def from_values(
        cls, values: Mapping[str, Any], project: Path, places: Mapping[str, str] | None = None
    ) -> TrackingSettings:
        """Make settings from plain values, as a YAML holds them.

        Args:
            values: By the keys of ``tracking_config``; ``None`` means the default. The address
                may hold a password here, unlike in a config: it is never written down.
            project: The project's folder.
            places: Key → where its value is from, if that is another place.

        Raises:
            ConfigError: Lists every key that is unknown and every value that cannot be used; or
                says that the address is none that MLflow can use.
        """
        named = {name: one for name, one in values.items() if one is not None}
        if isinstance(uri := named.get("tracking_uri"), str):
            named["tracking_uri"] = EnvironmentText(uri, spelling="***")  # may hold a password
        checked = check_values(named, places)
        given = {name: one for name, one in checked.items() if one is not None}
        if "tracking_uri" in given:
            given["tracking_uri"] = str(given["tracking_uri"])
        given["tags"] = {str(name): str(value) for name, value in given["tags"].items()}
        settings = cls(project=Path(project).resolve(), **given)
        settings.find_place()
        return settings

    @property
    def experiment(self) -> str:
        """Name of the experiment that the run belongs to."""
        return self.experiment_name or self.project.resolve().name or "dsf"

    def find_place(self) -> Place:
        """Say where the run is tracked.

        Raises:
            ConfigError: If the address is none that MLflow can use.
        """
        return find_place_of(self.tracking_uri, self.project, self.artifact_location)

    def to_values(self) -> dict[str, Any]:
        """Give plain values for the disk: without credentials, and good from any folder.

        They are the project's folder, and what :func:`check_values` takes.
        """
        place = self.find_place()
        kept = replace(self, tracking_uri=place.shown, artifact_location=place.artifacts)
        values = {one.name: getattr(kept, one.name) for one in fields(kept)}
        del values["system_metrics_interval"]  # not for users to set
        location = values["artifact_location"]
        values["artifact_location"] = location and hide_credentials(location)
        return {**values, "project": str(self.project), "tags": dict(self.tags)}


def check_values(
    values: Mapping[str, Any], places: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Hold values against the rules of ``tracking_config``, and fill in what is not given.

    Args:
        values: By the keys of that section.
        places: Key → where its value is from, if that is another place.

    Returns:
        All keys of the section but ``use_mlflow``.

    Raises:
        ConfigError: Lists every value that cannot be used.
    """
    checked, problems = validate_config(dict(values), TrackingConfig, lambda *_: "")
    if problems:
        raise ConfigError(
            "The settings of tracking cannot be used:",
            [Problem(_place_of(one.where, places or {}), one.message) for one in problems],
        )
    checked.pop("use_mlflow")
    return checked


def _place_of(where: str, places: Mapping[str, str]) -> str:
    key, dot, rest = where.partition(".")
    return places.get(key, f"tracking_config.{key}") + dot + rest
