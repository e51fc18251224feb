"""Where words go: results to stdout, everything else to stderr."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from typing import TYPE_CHECKING

from dsf.core.ranks import process_rank

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["log_to_stderr", "stdout_to_stderr"]


@contextlib.contextmanager
def stdout_to_stderr() -> Iterator[None]:
    """Send all that is written to stdout to stderr instead, by child processes too."""
    sys.stdout.flush()
    stdout, stderr = 1, 2  # what children inherit, whatever sys.stdout is
    kept = os.dup(stdout)
    os.dup2(stderr, stdout)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, stdout)
        os.close(kept)


@contextlib.contextmanager
def log_to_stderr(*, verbose: bool = False) -> Iterator[None]:
    """Show dsf's own messages on stderr: what happens, and with ``verbose`` why.

    In a job of several processes only the first one speaks of more than warnings.
    """
    level = logging.DEBUG if verbose else logging.INFO
    logger, handler = logging.getLogger("dsf"), logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    before = logger.level
    logger.setLevel(level if process_rank() == 0 else logging.WARNING)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
