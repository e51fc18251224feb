"""Whether a run is tracked, and where: what the config says, or a logger that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.references import is_reference, reference_name
from dsf.tracking import TrackingSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["choose_settings"]

_LOGGER = "MLFlowLogger"
_TAKEN = ("experiment_name", "run_name", "tracking_uri", "tags", "artifact_location")
_KEYS = (*_TAKEN, "description", "patience", "system_metrics")


def choose_settings(config: Mapping[str, Any], project: Path) -> TrackingSettings | None:
    """Say where runs are tracked; ``None`` if they are not.

    What ``tracking_config`` leaves open is taken from an ``MLFlowLogger`` that
    ``trainer_config.logger`` names; that one alone switches tracking on as well.

    Args:
        config: The resolved config.
        project: Folder of the project.

    Raises:
        ConfigError: If the place is none that MLflow can use.
    """
    given = dict(config["tracking_config"])
    named = next(_named_loggers(config["trainer_config"].get("logger")), None)
    wanted = given.pop("use_mlflow")
    if wanted is False or (wanted is None and named is None):
        return None
    known = {key: given[key] for key in _KEYS}
    if named is not None:
        arguments = {key: named[key] for key in _TAKEN if named.get(key)}
        if not arguments.get("tracking_uri") and named.get("save_dir"):
            arguments["tracking_uri"] = str(named["save_dir"])
        known |= {key: value for key, value in arguments.items() if not known[key]}
    known["experiment_name"] = known["experiment_name"] or config["project"] or None
    return TrackingSettings.from_values(known, project)


def _named_loggers(value: Any) -> Iterator[Mapping[str, Any]]:
    """Give the arguments of each logger of MLflow that a config names."""
    for one in value if isinstance(value, list | tuple) else [value]:
        if is_reference(one) and reference_name(one).endswith(f".{_LOGGER}"):
            yield (one.get("init_args") or one.get("kwargs") or {}) if isinstance(one, dict) else {}
        elif isinstance(getattr(one, "given", None), dict) and type(one).__name__ == _LOGGER:
            yield one.given
