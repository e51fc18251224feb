"""Whether a run is tracked, and where: what the config says, or a logger that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.base.named_logger import NamedLogger, find_logger, is_mlflow_logger
from dsf.core.config import TrackingConfig
from dsf.core.errors import ConfigError, Problem
from dsf.tracking import TrackingSettings, check_values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsf.base.named_logger import Said

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
            comes out of the registry, and runs are not to be tracked. What a logger must not say
            is an error even if runs are not tracked: the config is recorded in the run.
    """
    wanted = config["tracking_config"]["use_mlflow"]
    _check_registering(config, wanted)
    asked = find_logger(config) is not None or names_registry(config)
    if wanted is False or (wanted is None and not asked):
        _check_loggers(config)
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
    _check_loggers(config)
    named = find_logger(config)
    said = {} if named is None else named.say()
    of_logger = {key: one for key, one in said.items() if not given[key]}
    values = {key: given[key] for key, _, _ in TrackingConfig.key_fields()}
    values |= {key: one.value for key, one in of_logger.items()}
    values["experiment_name"] = values["experiment_name"] or config["project"] or None
    return TrackingSettings.from_values(values, project, _places(of_logger))


def names_registry(config: Mapping[str, Any]) -> bool:
    """Whether a model is to be registered, or the existing one comes out of the registry."""
    wanted = config["register_config"]["name"] is not None
    return wanted or config["eval_config"].get("incumbent") == "registry"


def _check_loggers(config: Mapping[str, Any]) -> None:
    """Refuse what a logger must not say, a password say, also where nobody listens to it.

    Raises:
        ConfigError: Lists all of it.
    """
    given = config["trainer_config"].get("logger")
    problems: list[Problem] = []
    for logger in given if isinstance(given, list | tuple) else [given]:
        if is_mlflow_logger(logger):
            said = NamedLogger.read(logger).say()
            try:
                check_values({key: one.value for key, one in said.items()}, _places(said))
            except ConfigError as error:
                problems += [one for one in error.problems if one not in problems]
    if problems:
        raise ConfigError("A logger says what it must not:", problems)


def _places(said: Mapping[str, Said]) -> dict[str, str]:
    return {key: f"{_LOGGER}.{one.argument}" for key, one in said.items()}


def _check_registering(config: Mapping[str, Any], use_mlflow: bool | None) -> None:
    if use_mlflow is False and names_registry(config):
        message = (
            "must not be false where register_config.name is set or eval_config.incumbent is "
            "registry: the registry is MLflow's."
        )
        raise ConfigError("Models have no registry.", [Problem(_USE, message)])
