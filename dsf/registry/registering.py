"""A bundle becomes a version of a registered model: logged, loaded back, checked, then named."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsf.core.bundle import Bundle
from dsf.core.errors import BundleError, Problem, UserError
from dsf.registry.challenger import make_challenger
from dsf.registry.check import check_logged_model
from dsf.registry.connection import Connection
from dsf.registry.logged_model import (
    BUNDLE_TAG,
    find_logged_bundle,
    log_bundle,
    mark_logged_bundle,
    remove_unfinished,
)
from dsf.registry.new_version import check_model_name, make_model, make_version
from dsf.registry.reaching import reach_registry
from dsf.registry.turns import one_at_a_time
from dsf.registry.versions import Registry

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.registry.earned import Earned
    from dsf.registry.logged_model import LoggedBundle
    from dsf.registry.new_version import NewVersion
    from dsf.registry.registered_version import RegisteredVersion
    from dsf.tracking import TrackingSettings

__all__ = ["Registered", "register_bundle"]


@dataclass(frozen=True)
class Registered:
    """A version of a registered model.

    Attributes:
        name: Of the model.
        version: Its number, as text.
        model_uri: The logged model behind it: ``models:/m-…``.
        run_id: MLflow's id of the run that it comes from.
        standing: What it is now, in words that follow its address: ``is the challenger now``.
        seconds: That registering took.
        is_new: Whether it was made now; otherwise it was there already, from the same run.
    """

    name: str
    version: str
    model_uri: str
    run_id: str
    standing: str
    seconds: float
    is_new: bool = True

    @property
    def uri(self) -> str:
        """Its address: ``models:/NAME/3``."""
        return f"models:/{self.name}/{self.version}"


def register_bundle(
    bundle_folder: Path | str,
    rows: pd.DataFrame,
    answers: AnyPredictions,
    new: NewVersion,
    earned: Earned,
    *,
    settings: TrackingSettings,
    run_id: str,
) -> Registered:
    """Register a bundle as the newest version of a model, and as its challenger.

    A fresh process loads it back from the store, and must answer all rows as the run did. Called
    again, it gives the version that the run has made of the bundle. Processes of this machine and
    user wait for each other (:mod:`dsf.registry.turns`); elsewhere each may make a version. What a
    killed one has left is removed (:mod:`dsf.registry.leftovers`).

    Args:
        bundle_folder: The bundle.
        rows: Those that the run tested the bundle on: with ``row_id`` and the texts.
        answers: What the run answered with the bundle.
        new: What the version is called, and says of itself.
        earned: The verdict on the bundle.
        settings: Where the run is tracked; its models are registered there too.
        run_id: MLflow's id of the run.

    Raises:
        ConfigError: If MLflow does not take the name.
        BundleError: If the bundle is not what was exported, ``earned`` is of another one, or the
            model answers otherwise than the run did; lists the rows. Nothing is registered then.
        DataError: If rows cannot be answered, or some are lacking.
        StorageError: If files cannot be put where the run keeps its own, or a disk is full.
        UserError: If the registry does not answer, wants other credentials, or has no such run; or
            if loading the model back takes too long.
        MissingExtraError: If a package is not installed.
    """
    started = time.monotonic()
    check_model_name(new.name)
    bundle = Bundle.open(bundle_folder)
    _check_verdict(bundle, earned)
    reach_registry(settings)
    with one_at_a_time(settings, run_id):
        remove_unfinished(settings=settings, run_id=run_id)
        found = _find_version(settings, new.name, run_id, bundle.hash)
        is_new = found is None
        if found is None:
            found = _make_version(bundle, rows, answers, new, earned, settings, run_id)
        standing = make_challenger(Registry(settings), found)
    source, seconds = _read_source(settings, found), time.monotonic() - started
    return Registered(new.name, found.version, source, run_id, standing, seconds, is_new)


def _check_verdict(bundle: Bundle, earned: Earned) -> None:
    """Refuse the verdict on another bundle: promotion would go by it."""
    if earned.bundle != bundle.hash:
        message = (
            f"must be of the bundle that is registered, {bundle.hash[:12]}, but is of "
            f"{earned.bundle[:12] or 'none'}. Do the export step again: it scores what it exports."
        )
        raise BundleError("The bundle was not registered.", [Problem("verdict", message)])


def _make_version(
    bundle: Bundle,
    rows: pd.DataFrame,
    answers: AnyPredictions,
    new: NewVersion,
    earned: Earned,
    settings: TrackingSettings,
    run_id: str,
) -> RegisteredVersion:
    """Make the version, once the bundle was logged and has answered as the run did."""
    logged = _log_checked(bundle, rows, answers, new, settings, run_id)
    make_model(settings, new)
    make_version(settings, new, logged, earned)
    found = _find_version(settings, new.name, run_id, bundle.hash)
    assert found is not None  # it was made just now
    return found


def _find_version(
    settings: TrackingSettings, name: str, run_id: str, bundle: str
) -> RegisteredVersion | None:
    """Find the version that the run has made of the bundle."""
    registry = Registry(settings)
    if name not in registry.list_models():
        return None
    for one in registry.list_versions(name):
        if one.run_id == run_id and one.tags.get(BUNDLE_TAG) == bundle:
            return one
    return None


def _log_checked(
    bundle: Bundle,
    rows: pd.DataFrame,
    answers: AnyPredictions,
    new: NewVersion,
    settings: TrackingSettings,
    run_id: str,
) -> LoggedBundle:
    """Log the bundle, unless it is there; let MLflow show whether it answers as the run did."""
    logged = find_logged_bundle(bundle, settings=settings, run_id=run_id)
    if logged is None:
        logged = log_bundle(bundle.folder, rows, new, settings=settings, run_id=run_id)
    try:
        check_logged_model(
            logged.uri, bundle, rows, answers, settings=settings, tolerance=new.tolerance
        )
    except UserError as error:
        with suppress(UserError):  # what went wrong first says more
            mark_logged_bundle(logged, settings, refused=str(error))
        raise
    mark_logged_bundle(logged, settings)
    return logged


def _read_source(settings: TrackingSettings, version: RegisteredVersion) -> str:
    with Connection(settings).client() as client:
        return str(client.get_model_version(version.name, version.version).source)
