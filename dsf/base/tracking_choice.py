"""Whether a run is tracked, and where: what the config says, or a logger that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.base.named_logger import find_logger
from dsf.core.config import TrackingConfig
from dsf.core.errors import ConfigError, Problem
from dsf.tracking import TrackingSettings, check_values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["choose_settings", "make_settings", "names_registry"]

_USE = "tracking_config.use_mlflow"
_LOGGER = "trainer_config.logger MLFlowLogger"


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
    asked = find_logger(config) is not None or names_registry(config)
    if wanted is False or (wanted is None and not asked):
        return None
    return make_settings(config, project)


def make_settings(config: Mapping[str, Any], project: Path) -> TrackingSettings:
    """Say where runs would be tracked, whether they are or not.

    Args:
        config: The resolved config.
        project: Folder of the project.

    Raises:
        ConfigError: If the logger says what ``tracking_config`` must not, the place is none that
            MLflow can use, or MLflow must not be used.
    """
    given = config["tracking_config"]
    if given["use_mlflow"] is False:
        message = "must not be false where a model of MLflow is named."
        raise ConfigError("Models have no registry.", [Problem(_USE, message)])
    named = find_logger(config)
    said = {} if named is None else named.say()
    of_logger = {key: one for key, one in said.items() if not given[key]}
    checked = check_values(
        {key: given[key] for key, _, _ in TrackingConfig.key_fields()}
        | {key: one.value for key, one in of_logger.items()},
        {key: f"{_LOGGER}.{one.argument}" for key, one in of_logger.items()},
    )
    checked["experiment_name"] = checked["experiment_name"] or config["project"] or None
    return TrackingSettings.from_values(checked, project)


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
