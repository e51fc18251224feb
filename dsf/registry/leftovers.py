"""Logged models that nobody will finish: taken out of the store, files and all."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dsf.core.errors import UserError
from dsf.registry.artifact_folder import artifact_folder
from dsf.registry.connection import all_pages
from dsf.registry.maker import Maker
from dsf.registry.mlflow_modules import quiet_mlflow

if TYPE_CHECKING:
    from dsf.registry.connection import Connection

__all__ = ["MAKER_TAG", "remove_leftovers", "remove_model"]

log = logging.getLogger("dsf")

MAKER_TAG = "dsf.maker"
"""The tag of a logged model that tells which process makes it."""

_DAY = 24 * 60 * 60 * 1000  # ms; nobody makes a model for that long


def remove_leftovers(connection: Connection, experiment: str, of_run: str, tag: str) -> None:
    """Remove logged models that are pending still, though nobody makes them any more.

    These are the models of this process, of processes of this machine that have ended, and those
    of other machines and containers once they are older than a day: whether such a process has
    ended cannot be seen from here. What cannot be removed is told, and stays pending: it is in
    nobody's way.

    Args:
        connection: The way to the store.
        experiment: Where to look.
        of_run: MLflow's words for the models of one run; this process must not make one now.
        tag: What all models of ours have; those of others are left alone.

    Raises:
        UserError: If the store does not answer.
    """
    with connection.client() as client:
        search = client.search_logged_models
        found = all_pages(search, experiment_ids=[experiment], filter_string=of_run)
        pending = [one for one in found if str(one.status) == "PENDING" and tag in one.tags]
    for one in filter(_is_left, pending):
        try:
            remove_model(connection, one)
        except UserError as error:
            log.warning("register was stopped before, and left %s: %s", one.model_uri, error)
        else:
            log.info("register removed what was left when it was stopped before: %s", one.model_uri)


def remove_model(connection: Connection, model: Any) -> None:
    """Remove a logged model: first its files, so that it is found again if that fails.

    Args:
        connection: The way to the store.
        model: As MLflow gives it.

    Raises:
        UserError: If the store does not answer, or keeps the files.
    """
    with connection.client() as client, quiet_mlflow():
        connection.open_artifacts(model.artifact_location).delete_artifacts()
        client.delete_logged_model(model.model_id)
    folder = artifact_folder(model.artifact_location)
    if folder is not None:
        with suppress(OSError):  # somebody else keeps something in it
            folder.parent.rmdir()


def _is_left(model: Any) -> bool:
    """Whether nobody makes a pending model any more."""
    maker, here = Maker.from_text(model.tags.get(MAKER_TAG, "")), Maker.current()
    if maker is not None and maker.is_at(here):
        return maker == here or maker.has_ended()
    return bool(model.creation_timestamp < time.time() * 1000 - _DAY)
