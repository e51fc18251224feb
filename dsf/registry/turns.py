"""Processes of one machine that register bundles of one run do it one after the other."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from dsf.core.atomic import storage_errors
from dsf.registry.trail import who_acts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsf.tracking import TrackingSettings

__all__ = ["one_at_a_time"]

log = logging.getLogger("dsf")

_PATIENCE = 0.5  # seconds, before it is said that we wait
_PAUSE = 0.1  # seconds


@contextmanager
def one_at_a_time(settings: TrackingSettings, run_id: str) -> Iterator[None]:
    """Hold a run for the block; wait for whoever holds it.

    The lock is a file in the temporary folder of this machine: a store may be a server, and a run
    may be in several folders. It ends with its process, however that ends.

    Args:
        settings: Where the run is tracked.
        run_id: MLflow's id of the run.

    Raises:
        StorageError: If the temporary folder takes no file.
    """
    # The user's name is part of it, since nobody may open the file of another user.
    text = f"{who_acts()} {settings.find_place().uri} {run_id}"
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
