"""The thresholds of a model, and how they came about: kept as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from dsf.core.atomic import write_json
from dsf.core.errors import RunNotFoundError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Thresholds"]

_ABOUT = (
    "A label is answered if its probability is above its threshold; equal is not enough. Both are "
    "64-bit numbers, and the probability is the calibrated one if there is a calibration.json."
)


@dataclass(frozen=True)
class Thresholds:
    """From which probability on each label is answered.

    Attributes:
        thresholds: Label → threshold.
        metric: What they were chosen by; ``None`` if the model brought its own.
        search: ``exact`` or ``grid``; ``None`` if the model brought its own.
        validation_rows: Rows that they were chosen on.
        rows_with_label: Label → how many of those have it. What has none was not chosen.
    """

    thresholds: dict[str, float]
    metric: str | None
    search: str | None
    validation_rows: int
    rows_with_label: dict[str, int]

    @property
    def without_rows(self) -> list[str]:
        """Labels that no validation row has."""
        return [label for label, rows in self.rows_with_label.items() if not rows]

    def write(self, path: Path) -> None:
        """Write them as JSON that says how they are applied, whole or not at all."""
        write_json(path, {"about": _ABOUT, **asdict(self)})

    @classmethod
    def read(cls, path: Path) -> Thresholds:
        """Read what :meth:`write` wrote.

        Raises:
            RunNotFoundError: If there is no such file.
        """
        if not path.is_file():
            raise RunNotFoundError(f"{path}: thresholds must be here, but are not.")
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        content.pop("about")
        return cls(**content)
