"""An ``MLFlowLogger`` that a config names: what its arguments say of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from dsf.core.references import is_reference, reference_name

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NamedLogger", "Said", "find_logger", "is_mlflow_logger"]

_LOGGER = "MLFlowLogger"
_POSITIONS = ("experiment_name", "run_name", "tracking_uri", "tags", "save_dir", "log_model")
_TAKEN = ("experiment_name", "run_name", "tracking_uri", "tags", "artifact_location")
_NOT_TAKEN = ("run_id", "synchronous")


class Said(NamedTuple):
    """What a logger says of a key of ``tracking_config``.

    Attributes:
        argument: Which of its arguments says so.
        value: As it stands there.
    """

    argument: str
    value: Any


@dataclass(frozen=True)
class NamedLogger:
    """An ``MLFlowLogger`` of a config.

    Attributes:
        arguments: By name; none that was not given.
    """

    arguments: Mapping[str, Any]

    @classmethod
    def read(cls, logger: Any) -> NamedLogger:
        """Read the arguments of a logger.

        Args:
            logger: Anything of which :func:`is_mlflow_logger` says that it is one.
        """
        if not isinstance(logger, dict):
            return cls(getattr(logger, "given", {}))
        named = logger.get("init_args") or logger.get("kwargs") or {}
        return cls({**dict(zip(_POSITIONS, logger.get("args") or (), strict=False)), **named})

    @property
    def keeps_checkpoints(self) -> bool:
        """Whether the checkpoints of a fit are logged as well."""
        return bool(self.arguments.get("log_model"))

    @property
    def without_effect(self) -> list[str]:
        """Names of the arguments that mean nothing here."""
        return [name for name in _NOT_TAKEN if self.arguments.get(name) is not None]

    def say(self) -> dict[str, Said]:
        """Give what it says of where the run is tracked, by the keys of ``tracking_config``."""
        arguments = self.arguments
        found = {name: Said(name, arguments[name]) for name in _TAKEN if arguments.get(name)}
        if "tracking_uri" not in found and arguments.get("save_dir"):
            found["tracking_uri"] = Said("save_dir", str(arguments["save_dir"]))
        return found


def is_mlflow_logger(value: Any) -> bool:
    """Whether a value of a config is a logger of MLflow: a reference, or a live object."""
    if is_reference(value):
        return reference_name(value).endswith(f".{_LOGGER}")
    return type(value).__name__ == _LOGGER and isinstance(getattr(value, "given", None), dict)


def find_logger(config: Mapping[str, Any]) -> NamedLogger | None:
    """Find the logger of MLflow that ``trainer_config.logger`` names; the first of several.

    Args:
        config: The resolved config.
    """
    given = config["trainer_config"].get("logger")
    loggers = given if isinstance(given, list | tuple) else [given]
    return next((NamedLogger.read(one) for one in loggers if is_mlflow_logger(one)), None)
