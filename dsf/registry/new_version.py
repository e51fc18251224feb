"""A version of a registered model: named, made, and called the challenger."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.registry.check import TOLERANCE
from dsf.registry.connection import Connection
from dsf.registry.mlflow_modules import load_mlflow_module
from dsf.tracking.mlflow_errors import is_unknown_run
from dsf.tracking.mlflow_limits import MAX_TAG, cut_text, fitting_name, is_plain_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dsf.registry.earned import Earned
    from dsf.registry.logged_model import LoggedBundle
    from dsf.tracking import TrackingSettings

__all__ = ["NewVersion", "check_model_name", "make_model", "make_version"]

_LONGEST_NAME = 256  # what MLflow's tables hold
_LONGEST_DESCRIPTION = 5000
_FORBIDDEN = '/:@?#%"'  # they mean something in models:/NAME@champion, or in a search for a name


@dataclass(frozen=True)
class NewVersion:
    """What a version is to be called, and what it is to say of itself.

    Attributes:
        name: Of the model; it is made when absent.
        description: For people: of the version, and of the model when it is new; without one the
            version is described by its verdict.
        card: Text of the model card; empty: it has none.
        tags: Of the version, besides those of its verdict, and of the model when it is new.
        tolerance: How far a probability of the registered model may be off the run's.
    """

    name: str
    description: str = ""
    card: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    tolerance: float = TOLERANCE


def check_model_name(name: str) -> None:
    """Refuse a name that MLflow does not take for a registered model.

    Raises:
        ConfigError: Says what must hold.
    """
    wrong = sorted(set(_FORBIDDEN) & set(name))
    fault = ""
    if not name.strip():
        fault = "must be a name, but is empty"
    elif wrong:
        fault = f"must be without {' '.join(_FORBIDDEN)}, but {name!r} has {' '.join(wrong)}"
    elif len(name) > _LONGEST_NAME:
        fault = f"must have {_LONGEST_NAME} characters at most, but has {len(name)}"
    elif not is_plain_path(name) or not name.isprintable():
        fault = f"must be a plain name, but is {name!r}"
    if fault:
        problem = Problem("register_config.name", f"{fault}. Choose another, such as shop-intents.")
        raise ConfigError("The model cannot be registered under that name:", [problem])


def make_model(settings: TrackingSettings, new: NewVersion) -> None:
    """Make the registered model, unless it is there.

    Args:
        settings: Where the registry is.
        new: Says what it is called.

    Raises:
        UserError: If the registry does not answer, or refuses the model.
    """
    with Connection(settings).client() as client:
        try:
            client.get_registered_model(new.name)
        except Exception as error:
            if not is_unknown_run(error):
                raise
        else:
            return
        try:
            client.create_registered_model(
                new.name, _fitting(new.tags), _fitting_text(new.description)
            )
        except Exception as error:
            if getattr(error, "error_code", "") != "RESOURCE_ALREADY_EXISTS":
                raise  # otherwise another process was faster


def make_version(
    settings: TrackingSettings, new: NewVersion, logged: LoggedBundle, earned: Earned
) -> None:
    """Make the next version of a registered model.

    Args:
        settings: Where the registry is.
        new: What it is called, and says of itself.
        logged: The logged model that it is.
        earned: The verdict on its bundle.

    Raises:
        UserError: If the registry does not answer, or refuses the version.
    """
    told = new.description or f"Verdict: **{earned.verdict}**. {earned.reason}"
    connection = Connection(settings)
    with connection.client() as client, _pointed_at(connection.place.uri):
        client.create_model_version(
            new.name,
            logged.uri,
            run_id=logged.run_id,
            tags=_fitting({**new.tags, **earned.to_tags()}),
            description=_fitting_text(told),
            model_id=logged.model_id,
        )


def _fitting(tags: Mapping[str, str]) -> dict[str, str]:
    return {fitting_name(str(key)): cut_text(str(text), MAX_TAG) for key, text in tags.items()}


def _fitting_text(description: str) -> str | None:
    return cut_text(description, _LONGEST_DESCRIPTION) or None


@contextmanager
def _pointed_at(uri: str) -> Iterator[None]:
    """Let MLflow's own address be ``uri`` for a moment: a database is looked up by no other."""
    module: Any = load_mlflow_module("mlflow.tracking._tracking_service.utils")
    before = module._tracking_uri
    # Its public way would change the environment as well, and what traces are sent to.
    module._tracking_uri = uri
    try:
        yield
    finally:
        module._tracking_uri = before
