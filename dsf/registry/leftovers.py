"""Logged models that nobody will finish: taken out of the store, files and all."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dsf.core.errors import UserError
from dsf.registry.connection import all_pages
from dsf.registry.mlflow_modules import quiet_mlflow
from dsf.tracking.folders import local_folder

if TYPE_CHECKING:
    from dsf.registry.connection import Connection

__all__ = ["remove_leftovers", "remove_model"]

log = logging.getLogger("dsf")


def remove_leftovers(connection: Connection, experiment: str, of_run: str, tag: str) -> None:
    """Remove logged models that are pending still, since the process that made them has ended.

    What cannot be removed is told, and stays pending: it is in nobody's way.

    Args:
        connection: The way to the store.
        experiment: Where to look.
        of_run: MLflow's words for the models of one run.
        tag: What all models of ours have; those of others are left alone.

    Raises:
        UserError: If the store does not answer.
    """
    with connection.client() as client:
        search = client.search_logged_models
        found = all_pages(search, experiment_ids=[experiment], filter_string=of_run)
        pending = [one for one in found if str(one.status) == "PENDING" and tag in one.tags]
    for one in pending:
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
    folder = local_folder(model.artifact_location)
    if folder is not None:
        with suppress(OSError):  # somebody else keeps something in it
            folder.parent.rmdir()
