"""MLflow itself: loaded when first needed, silent where we speak, sending nothing home."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dsf.core.extras import require_extra

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["entities", "load_client_class", "quiet"]

_ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",  # a bundle has many small files
    # Whoever waits for a try is a thread of ours, and tries again by itself. The time is for one
    # answer; a large file needs some.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
}
_FEATURE = "Tracking with MLflow"
_TALKATIVE = ("mlflow.store.db.utils", "mlflow.tracking", "urllib3.connectionpool", "alembic")


def load_client_class(uri: str) -> Any:
    """Import MLflow, with all that the store at ``uri`` needs, and give ``MlflowClient``.

    Call it in the main thread: packages that two threads import at a time may see halves of each
    other. Nothing of MLflow's own state is changed.

    Raises:
        MissingExtraError: If MLflow is not installed.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    with warnings.catch_warnings():
        # MLflow uses what SQLAlchemy and pandas will take away some day: nothing for our users.
        warnings.simplefilter("ignore")
        client = require_extra("track", module="mlflow.tracking.client", feature=_FEATURE)
        if not uri.startswith(("http:", "https:", "databricks")):
            name = "mlflow.store.tracking.sqlalchemy_store"
            require_extra("track", module=name, feature=_FEATURE)
    _install_filter()
    return client.MlflowClient


def entities() -> Any:
    """Give ``mlflow.entities``, once :func:`load_client_class` was called."""
    return require_extra("track", module="mlflow.entities", feature=_FEATURE)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence what MLflow and its HTTP client log in this thread: we say it once, in our words."""
    before = getattr(_STATE, "quiet", False)
    _STATE.quiet = True
    try:
        yield
    finally:
        _STATE.quiet = before


_STATE = threading.local()


class _Silence(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - logging's signature
        return not getattr(_STATE, "quiet", False)


_SILENCE = _Silence()


def _install_filter() -> None:
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_SILENCE)  # adding the same one twice changes nothing
