"""How a run stands as a whole."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.core.run_record import RunRecord

__all__ = ["STATUSES", "find_status"]

STATUSES = ("done", "running", "killed", "interrupted", "failed", "empty", "damaged")
"""What may have become of a run: ``killed`` was at work, but nobody is any more; ``empty`` was
stopped before its first step; ``damaged`` has a record that cannot be read."""


_LOCK_FILE = "run.lock"  # that of dsf.core.run_folder


def find_status(run_dir: Path, record: RunRecord | None, *, damaged: bool) -> tuple[str, str]:
    """Give one of :data:`STATUSES`, and the step it is due to: the last one done, where all are.

    Args:
        run_dir: The run.
        record: Its record, if there is one.
        damaged: Whether there is one that cannot be read.
    """
    if record is None or not record.steps:
        return ("damaged" if damaged else "empty"), ""
    standing = {step.status: name for name, step in record.steps.items()}
    if "running" in standing:
        return ("running" if _is_held(run_dir) else "killed"), standing["running"]
    for status in ("failed", "interrupted"):
        if status in standing:
            return status, standing[status]
    return "done", standing["done"]


def _is_held(run_dir: Path) -> bool:
    """Whether a process works in the run; where that cannot be found out, it is believed.

    A shared lock is asked for and given back at once. Only runs that say that they are at work are
    asked, since a process that starts in this very moment would find the run locked.
    """
    try:
        import fcntl
    except ImportError:  # a system without it
        return True
    try:
        handle = os.open(run_dir / _LOCK_FILE, os.O_RDONLY)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        with contextlib.suppress(OSError):
            os.close(handle)
    return False
