"""Processes of one machine that register bundles of one run do it one after the other."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from dsf.core.atomic import storage_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.parse import SplitResult

    from dsf.tracking import Place, TrackingSettings

__all__ = ["one_at_a_time"]

log = logging.getLogger("dsf")

_PATIENCE = 0.5  # seconds, before it is said that we wait
_PAUSE = 0.1  # seconds
_PORTS = {"http": 80, "https": 443}
_HERE = ("localhost", "127.0.0.1", "::1")


@contextmanager
def one_at_a_time(settings: TrackingSettings, run_id: str) -> Iterator[None]:
    """Hold a run for the block; wait for whoever holds it.

    That holds for processes of one user on one machine that have the same temporary folder and
    name the store by the same host: the lock is a file in the temporary folder, since a store may
    be a server, and a run may be in several folders. Nobody waits for other machines, containers
    or users. The lock ends with its process, however that ends.

    Args:
        settings: Where the run is tracked.
        run_id: MLflow's id of the run.

    Raises:
        StorageError: If the temporary folder takes no file.
    """
    # The user is part of it, since nobody may open the file of another user.
    user = os.getuid() if hasattr(os, "getuid") else ""
    text = f"{user} {_name_store(settings.find_place())} {run_id}"
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"dsf-register-{name}.lock"
    lock = FileLock(path, poll_interval=_PAUSE)
    with storage_errors(path):
        try:
            lock.acquire(timeout=_PATIENCE)
        except Timeout:
            log.info("register waits: another process registers a bundle of the same run")
            lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _name_store(place: Place) -> str:
    """Give one name to a store, however its address is written, and with whatever credentials."""
    if place.file is not None:
        return str(place.file.resolve())
    parts = urlsplit(place.uri)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
    at = f"{_HERE[0] if host in _HERE else host}:{_find_port(parts) or _PORTS.get(scheme, '')}"
    return f"{scheme}://{at}{parts.path.rstrip('/')}?{parts.query}"


def _find_port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:  # some databases take several hosts in one address
        return None
