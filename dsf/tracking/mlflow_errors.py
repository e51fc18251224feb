"""What MLflow raises, sorted by what becomes of the event: later, after a mend, or never."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dsf.core.errors import MissingExtraError
from dsf.tracking.hiding import scrub
from dsf.tracking.store_errors import (
    EventRefusedError,
    StoreAwayError,
    StoreBlockedError,
    StoreError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsf.tracking.uris import Place

__all__ = ["explain", "is_unknown_run", "translated"]

_SHOWN = 300  # characters of what MLflow said
_HTTP_STATUS = re.compile(r"failed with error code (\d{3})")
_OWN_FAULT = "too many 500 error responses"
_FORBIDDEN = (401, 403)
_NOT_MLFLOW = (301, 302, 307, 308, 404, 405, 501)
_LATER = (408, 409, 425, 429, 499, 502, 503, 504)

# What a database or a connection says → what to do. The first that fits counts.
_SIGNS = (
    ("database is locked", ""),
    ("out-of-date database schema", "schema"),
    ("can't locate revision", "schema"),
    ("readonly database", "rights"),
    ("unable to open database file", "rights"),
    ("file is not a database", "format"),
    ("password authentication failed", "credentials"),
    ("access denied", "credentials"),
    ("certificate verify failed", "certificate"),
)
# What an essay on a failed connection comes down to. The first that fits counts.
_SILENCES = (
    ("failed to resolve", "there is no host of that name, or no network"),
    ("read timed out", "it takes too long to answer"),
    ("connect timeout", "it takes too long to answer"),
    ("failed to establish a new connection", "nothing answers there"),
    ("connection refused", "nothing answers there"),
    ("connection reset", "it broke the connection off"),
    ("remote end closed connection", "it broke the connection off"),
)
_WAYS_OUT = {
    "schema": (
        "was written by another version of MLflow than is installed here. If that one is newer, "
        "install it here as well (pip install -U mlflow); if it is older, make a copy of the "
        "database and run `mlflow db upgrade {shown}`"
    ),
    "rights": (
        "must be open to us to read and write, but is not. Change the rights of the file and of "
        "its folder, or name another place (tracking_config.tracking_uri)"
    ),
    "format": (
        "must be a database of MLflow, but is another kind of file. Name another place "
        "(tracking_config.tracking_uri)"
    ),
    "credentials": (
        "did not accept our credentials. Set MLFLOW_TRACKING_USERNAME and "
        "MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN; for a database, put them into the "
        "address"
    ),
    "certificate": (
        "has a certificate that is not trusted here. Name the one that signed it in "
        "MLFLOW_TRACKING_SERVER_CERT_PATH or REQUESTS_CA_BUNDLE"
    ),
    "driver": "needs a Python package for this kind of database: install it with pip",
    "address": (
        "answers, but not as an MLflow server does. Look the address up "
        "(tracking_config.tracking_uri): its scheme, host, port, and whether it has a path"
    ),
}


@contextmanager
def translated(place: Place) -> Iterator[None]:
    """Turn whatever MLflow raises into a :class:`~dsf.tracking.store_errors.StoreError`.

    Args:
        place: What is talked to; named in messages, without its credentials.
    """
    try:
        yield
    except (StoreError, MissingExtraError):
        raise
    except Exception as error:
        raise explain(error, place) from error


def explain(error: Exception, place: Place) -> StoreError:
    """Say what an error of MLflow means.

    Args:
        error: Anything that MLflow, SQLAlchemy, requests or the disk raised.
        place: What was talked to.
    """
    text = _shorten(scrub(str(error), place.uri)) or type(error).__name__
    known = _by_sign(text, place)
    if known is not None:
        return known
    status = _status(error, text)
    if isinstance(error, ImportError):
        return _blocked(place, "driver", text)
    if status in _FORBIDDEN:
        return _blocked(place, "credentials", f"status {status}: {text}")
    if "not in a valid JSON format" in text or (
        status in _NOT_MLFLOW and not getattr(error, "json", None)
    ):
        return _blocked(place, "address", f"status {status}" if status else "no JSON")
    if status in _LATER:
        return StoreAwayError(f"{place.shown}: {text}")
    if 400 <= status < 500:
        return EventRefusedError(text)
    if isinstance(error, OSError) and not hasattr(error, "request"):
        return EventRefusedError(f"{type(error).__name__}: {text}")
    silence = _describe_silence(str(error)) or text
    return StoreAwayError(
        f"{place.shown}: {silence}", fault_inside=not _nobody_answered(error, text)
    )


def is_unknown_run(error: Exception) -> bool:
    """Whether MLflow says that there is no such run."""
    return getattr(error, "error_code", "") == "RESOURCE_DOES_NOT_EXIST"


def _by_sign(text: str, place: Place) -> StoreError | None:
    lower = text.lower()
    for sign, kind in _SIGNS:
        if sign in lower:
            if not kind:
                return StoreAwayError(f"{place.shown}: another process holds the database")
            return _blocked(place, kind, text)
    return None


def _describe_silence(said: str) -> str:
    """Say in a few words why nobody answered; empty if that is not known."""
    lower = said.lower()
    return next((words for sign, words in _SILENCES if sign in lower), "")


def _blocked(place: Place, kind: str, said: str) -> StoreBlockedError:
    way_out = _WAYS_OUT[kind].format(shown=place.shown)
    return StoreBlockedError(f"{place.shown} {way_out} ({_shorten(said)}).")


def _nobody_answered(error: Exception, text: str) -> bool:
    if hasattr(error, "request"):  # of the package requests
        return getattr(error, "response", None) is None
    return "API request" in text and _OWN_FAULT not in text


def _status(error: Exception, text: str) -> int:
    """Find the status of HTTP; 0 if there is none."""
    answer = getattr(error, "response", None)
    if answer is not None:
        return int(answer.status_code)
    found = _HTTP_STATUS.search(text)
    if found:
        return int(found[1])
    of_mlflow = getattr(error, "get_http_status_code", None)
    status = int(of_mlflow()) if of_mlflow else 0
    return 0 if status == 500 else status  # MLflow says 500 also when nobody answered


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
