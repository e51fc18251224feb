"""A look at a SQLite file before MLflow opens it, which would wait minutes for a locked one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from dsf.tracking.mlflow_errors import translated
from dsf.tracking.store_errors import StoreBlockedError

if TYPE_CHECKING:
    from dsf.tracking.uris import Place

__all__ = ["check_sqlite_file"]

_PATIENCE = 20.0  # seconds; as long as MLflow lets each of its own statements wait


def check_sqlite_file(place: Place, patience: float = _PATIENCE) -> None:
    """See whether the file can be written to now; one that is absent is fine.

    Args:
        place: A place with a file.
        patience: Seconds to wait for others who write.

    Raises:
        StoreAwayError: If another process holds it all the time.
        StoreBlockedError: If it is read-only, or no database at all.
    """
    if place.file is None or not place.file.exists():
        return
    if not os.access(place.file, os.W_OK):  # SQLite says so only once it writes
        raise StoreBlockedError(
            f"{place.file} must be a database that we can write to, but is read-only. Change its "
            "rights, or name another place (tracking_config.tracking_uri)."
        )
    with (
        translated(place),
        closing(sqlite3.connect(place.file, timeout=patience)) as connection,
    ):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("SELECT count(*) FROM sqlite_master")
        connection.rollback()
