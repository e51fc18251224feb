"""Whether a run is tracked, and where: what the config says, or a logger that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.core.references import is_reference, reference_name
from dsf.tracking import TrackingSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["choose_settings", "make_settings", "names_registry"]

_USE = "tracking_config.use_mlflow"
_LOGGER = "MLFlowLogger"
_TAKEN = ("experiment_name", "run_name", "tracking_uri", "tags", "artifact_location")
_KEYS = (*_TAKEN, "description", "patience", "system_metrics")


def choose_settings(config: Mapping[str, Any], project: Path) -> TrackingSettings | None:
    """Say where runs are tracked; ``None`` if they are not.

    What ``tracking_config`` leaves open is taken from an ``MLFlowLogger`` that
    ``trainer_config.logger`` names; that one alone switches tracking on as well, and so does a
    model that is registered, or out of the registry.

    Args:
        config: The resolved config.
        project: Folder of the project.

    Raises:
        ConfigError: If the place is none that MLflow can use, or a model is to be registered, or
            comes out of the registry, and runs are not to be tracked.
    """
    wanted = config["tracking_config"]["use_mlflow"]
    _check_registering(config, wanted)
    named = next(_named_loggers(config["trainer_config"].get("logger")), None)
    asked = named is not None or names_registry(config)
    if wanted is False or (wanted is None and not asked):
        return None
    return make_settings(config, project)


def make_settings(config: Mapping[str, Any], project: Path) -> TrackingSettings:
    """Say where runs would be tracked, whether they are or not.

    Args:
        config: The resolved config.
        project: Folder of the project.

    Raises:
        ConfigError: If the place is none that MLflow can use, or MLflow must not be used.
    """
    given = config["tracking_config"]
    if given["use_mlflow"] is False:
        message = "must not be false where a model of MLflow is named."
        raise ConfigError("Models have no registry.", [Problem(_USE, message)])
    named = next(_named_loggers(config["trainer_config"].get("logger")), None)
    known = {key: given[key] for key in _KEYS}
    if named is not None:
        arguments = {key: named[key] for key in _TAKEN if named.get(key)}
        if not arguments.get("tracking_uri") and named.get("save_dir"):
            arguments["tracking_uri"] = str(named["save_dir"])
        known |= {key: value for key, value in arguments.items() if not known[key]}
    known["experiment_name"] = known["experiment_name"] or config["project"] or None
    return TrackingSettings.from_values(known, project)


def names_registry(config: Mapping[str, Any]) -> bool:
    """Whether a model is to be registered, or the existing one comes out of the registry."""
    wanted = config["register_config"]["name"] is not None
    return wanted or config["eval_config"].get("incumbent") == "registry"


def _check_registering(config: Mapping[str, Any], use_mlflow: bool | None) -> None:
    if use_mlflow is False and names_registry(config):
        message = (
            "must not be false where register_config.name is set or eval_config.incumbent is "
            "registry: the registry is MLflow's."
        )
        raise ConfigError("Models have no registry.", [Problem(_USE, message)])


def _named_loggers(value: Any) -> Iterator[Mapping[str, Any]]:
    """Give the arguments of each logger of MLflow that a config names."""
    for one in value if isinstance(value, list | tuple) else [value]:
        if is_reference(one) and reference_name(one).endswith(f".{_LOGGER}"):
            yield (one.get("init_args") or one.get("kwargs") or {}) if isinstance(one, dict) else {}
        elif isinstance(getattr(one, "given", None), dict) and type(one).__name__ == _LOGGER:
            yield one.given
