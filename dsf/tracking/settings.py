"""What a tracker has to know: where, under which name, and how long to wait."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from dsf.core.errors import ConfigError, Problem
from dsf.tracking.hiding import hide_credentials
from dsf.tracking.uris import Place, find_place_of

__all__ = ["TrackingSettings"]

_TEXTS = ("tracking_uri", "experiment_name", "artifact_location", "run_name", "description")
_NUMBERS = {"patience": 0.0, "system_metrics_interval": 0.1}


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
    def from_values(cls, values: Mapping[str, Any], project: Path) -> TrackingSettings:
        """Make settings from plain values, as a YAML holds them.

        Args:
            values: By the names of the attributes; ``None`` means the default.
            project: The project's folder.

        Raises:
            ConfigError: Lists every value that cannot be used.
        """
        known = {one.name for one in fields(cls)} - {"project"}
        problems = [
            Problem(f"tracking_config.{name}", f"must be one of {sorted(known)}.")
            for name in values
            if name not in known
        ]
        given = {
            name: value for name, value in values.items() if value is not None and name in known
        }
        for name, value in given.items():
            message = _fault(name, value)
            if message:
                problems.append(Problem(f"tracking_config.{name}", message))
        if problems:
            raise ConfigError("The settings of tracking cannot be used:", problems)
        if "tags" in given:
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
        """Give plain values for the disk: without credentials, and good from any folder."""
        place = self.find_place()
        kept = replace(self, tracking_uri=place.shown, artifact_location=place.artifacts)
        values = {one.name: getattr(kept, one.name) for one in fields(kept)}
        location = values["artifact_location"]
        values["artifact_location"] = location and hide_credentials(location)
        return {**values, "project": str(self.project), "tags": dict(self.tags)}


def _fault(name: str, value: Any) -> str:
    """Say what is wrong with a value; empty if nothing is."""
    if name in _TEXTS:
        return "" if isinstance(value, str) else f"must be text, but is {type(value).__name__}."
    if name == "tags":
        return "" if isinstance(value, Mapping) else "must be a mapping of names to texts."
    if name == "system_metrics":
        return "" if isinstance(value, bool) else f"must be true or false, but is {value!r}."
    least = _NUMBERS[name]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and math.isfinite(value) and value >= least:
        return ""
    return f"must be a number of seconds, {least:g} or more, but is {value!r}."
