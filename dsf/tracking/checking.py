"""A look at the store before anything is trained."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from dsf.core.errors import ConfigError, Problem
from dsf.tracking.folders import local_folder, why_not_writable
from dsf.tracking.mlflow_errors import translated
from dsf.tracking.mlflow_package import load_client_class, quiet
from dsf.tracking.sqlite_file import check_sqlite_file
from dsf.tracking.store_errors import StoreAwayError, StoreBlockedError, StoreError

if TYPE_CHECKING:
    from dsf.tracking.settings import TrackingSettings
    from dsf.tracking.uris import Place

__all__ = ["check_store"]

_LOG = logging.getLogger("dsf")
_SHARE = 0.8  # of the patience is for a locked file, so that there is time to say so


def check_store(settings: TrackingSettings) -> bool:
    """See whether the store can be reached, before anything is trained.

    What may pass by itself is a warning: a server that is away, a database that another process
    holds. All else is the user's to mend, and an error: it would keep every number of the run from
    arriving.

    Args:
        settings: Where the run is tracked. It waits for ``patience`` seconds at most.

    Returns:
        Whether the store answers.

    Raises:
        ConfigError: If the address is none of an MLflow store, if the store wants other
            credentials, was made by another version of MLflow, or is read-only.
        MissingExtraError: If MLflow is not installed.
    """
    place = settings.find_place()
    load_client_class(place.uri)
    problem = _ask(place, settings.patience)
    if problem is None:
        return True
    if isinstance(problem, StoreAwayError):
        _LOG.warning(
            "The tracking store does not answer now (%s). The run goes on: all that is logged is "
            "kept in the run's folder and sent when the store answers, or later by `dsf-cli sync "
            "RUN`.",
            problem,
        )
        return False
    raise ConfigError(
        "The tracking store cannot be used:",
        [Problem("tracking_config.tracking_uri", str(problem))],
    )


def _ask(place: Place, patience: float) -> StoreError | None:
    """Ask in a thread of its own, since nothing stops a connection that hangs."""
    answer: list[StoreError | None] = []

    def ask() -> None:
        try:
            _connect(place, patience)
        except StoreError as error:
            answer.append(error)
        else:
            answer.append(None)

    thread = threading.Thread(target=ask, name="dsf-tracking-check", daemon=True)
    thread.start()
    thread.join(patience)
    if not answer:
        return StoreAwayError(f"{place.shown} gave no answer in {patience:g} s")
    return answer[0]


def _connect(place: Place, patience: float) -> None:
    _check_folders(place)
    check_sqlite_file(place, patience * _SHARE)
    with translated(place), quiet():
        client = load_client_class(place.uri)(place.uri)
        client.search_experiments(max_results=1)


def _check_folders(place: Place) -> None:
    """See whether files can be put where the database and the artifacts go.

    Raises:
        StoreBlockedError: If they cannot.
    """
    folders = [place.file.parent if place.file else None, local_folder(place.artifacts)]
    for folder in folders:
        reason = why_not_writable(folder) if folder else ""
        if reason:
            raise StoreBlockedError(
                f"{folder} must be a folder that we can write to, but {reason}. Change its rights, "
                "or name another place (tracking_config.tracking_uri, artifact_location)."
            )
