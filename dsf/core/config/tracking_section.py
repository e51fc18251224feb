"""Where a run is logged to, beside its own folder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from dsf.core.config.environment import EnvironmentText
from dsf.core.config.sections import Section
from dsf.core.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["DATABASES", "SERVICES", "TrackingConfig"]

_SERVERS = ("http", "https")
DATABASES = ("postgresql", "mysql", "mssql")
"""Schemes of databases beside SQLite, as SQLAlchemy has them."""
SERVICES = ("databricks", "databricks-uc", "uc")
"""Schemes that MLflow has for services of others."""
_SCHEMES = (*_SERVERS, "sqlite", *DATABASES, *SERVICES, "file")
_OF_SERVER = (
    "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, in the "
    "environment instead."
)
_OF_DATABASE = "Write ${env:NAME}, and set that variable in the environment, instead."


def _check_tag(value: Any) -> Any:
    if isinstance(value, str | int | float | bool):
        return value
    raise ValueError("must be text, a number, true or false")


Tag = Annotated[Any, AfterValidator(_check_tag)]
Text = Annotated[str, Field(min_length=1)]


class TrackingConfig(Section):
    """Where a run is logged to: MLflow, or nowhere but its own folder."""

    secret_keys: ClassVar[frozenset[str]] = frozenset({"tracking_uri", "artifact_location"})

    use_mlflow: bool | None = None
    """Whether runs are logged to MLflow; null: if trainer_config.logger names an MLFlowLogger."""
    tracking_uri: Text | None = None
    """Database, server or folder of MLflow, relative to the project; null: what the environment
    variable MLFLOW_TRACKING_URI says, or else sqlite:///mlflow.db."""
    experiment_name: Text | None = None
    """What MLflow calls all runs that belong together; null: the name of the project."""
    artifact_location: Text | None = None
    """Where a new experiment keeps its files; null: beside the database, or as the server says."""
    run_name: Text | None = None
    """What MLflow calls the run; null: the name of the run's folder."""
    description: str | None = None
    """What the run is for, in Markdown."""
    tags: dict[Text, Tag] = Field(default_factory=dict)
    """Tags of the run, by which it is found again."""
    system_metrics: bool = False
    """Whether the use of processor, memory, disk and GPU is logged while a step works."""
    patience: float = Field(default=10.0, gt=0, le=600, allow_inf_nan=False)
    """Seconds that a step waits for a tracking server at most; what is not sent then is kept."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check the address, and that nothing secret is written down."""
        uri = values.get("tracking_uri")
        return _check_uri(uri) if isinstance(uri, str) else []


def _check_uri(uri: str) -> list[Problem]:
    """List what keeps an address from being one of MLflow's; none repeats what may be secret."""
    scheme = re.match(r"([a-z][a-z0-9+.-]*)://|file:", uri)
    if scheme is None:
        return []  # a folder
    name = (scheme[1] or "file").partition("+")[0]
    if name not in _SCHEMES:
        message = f"must be a folder or begin with one of {', '.join(_SCHEMES)}, not {name!r}."
        return [Problem("tracking_uri", message)]
    try:
        parts = urlsplit(uri)
        secret = parts.password is not None or (name in _SERVERS and parts.username is not None)
    except ValueError:
        return [Problem("tracking_uri", "must be an address, but its host can be none.")]
    if name in _SERVERS and not parts.hostname:
        return [Problem("tracking_uri", f"must name a host after {name}://, but names none.")]
    if not secret or isinstance(uri, EnvironmentText):  # the latter is recorded by its name
        return []
    instead = _OF_SERVER if name in _SERVERS else _OF_DATABASE
    return [Problem("tracking_uri", f"must hold no password. {instead}")]
