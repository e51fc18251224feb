"""A look at the registry before anything is sent to it: does it answer, may we write?"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from dsf.core.errors import UserError
from dsf.registry.connection import Connection
from dsf.tracking.mlflow_package import load_client_class
from dsf.tracking.store_errors import StoreAwayError

if TYPE_CHECKING:
    from dsf.tracking import TrackingSettings

__all__ = ["reach_registry"]


def reach_registry(settings: TrackingSettings) -> None:
    """See whether the registry answers.

    Args:
        settings: Where it is. It waits for ``patience`` seconds at most.

    Raises:
        UserError: If it does not answer, does not take our credentials, or is not there.
        MissingExtraError: If MLflow is not installed.
    """
    connection = Connection(settings)
    if not connection.is_there:
        raise UserError(
            f"The run must be in {connection.place.shown} before its bundle can be registered, but "
            "there is no such file. Send the run first: dsf-cli sync RUN."
        )
    load_client_class(connection.place.uri)  # here, and not in two threads at a time
    failures: list[BaseException | None] = []

    def ask() -> None:
        try:
            with connection.client() as client:
                client.search_registered_models(max_results=1)
        except BaseException as error:  # noqa: BLE001 - it is raised below, in the caller's thread
            failures.append(error)
        else:
            failures.append(None)

    # In a thread of its own, since nothing stops a connection that hangs.
    thread = threading.Thread(target=ask, name="dsf-registry-check", daemon=True)
    thread.start()
    thread.join(settings.patience)
    shown = connection.place.shown
    if not failures:
        raise _away(f"{shown} gave no answer in {settings.patience:g} s")
    if isinstance(failures[0], UserError) and isinstance(failures[0].__cause__, StoreAwayError):
        raise _away(str(failures[0].__cause__)) from failures[0]
    if failures[0] is not None:
        raise failures[0]


def _away(what: str) -> UserError:
    return UserError(
        f"The model registry must answer before a bundle is registered, but does not now: "
        f"{what.rstrip('.')}. "
        "Nothing was registered, and the trained model is in the run's folder as before. Try again "
        "when it answers: dsf-cli register RUN."
    )
