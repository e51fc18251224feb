"""Where words go: results to stdout, everything else to stderr."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import sys
from typing import TYPE_CHECKING

from dsf.core.ranks import process_rank

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["discard_stdout", "log_to_stderr", "stdout_has_no_reader", "stdout_to_stderr"]


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


def stdout_has_no_reader() -> bool:
    """Whether stdout is a pipe whose other end was closed, as ``head`` does."""
    watch = select.poll()
    watch.register(1, 0)  # of what it is asked for nothing: a lost reader is told anyway
    return any(event & select.POLLERR for _, event in watch.poll(0))


def discard_stdout() -> None:
    """Let all that is still written to stdout disappear, once nobody reads it any more.

    Otherwise Python fails once more when it ends, with what it has not written yet.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


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
