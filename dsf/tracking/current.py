"""The tracker of the run that is at work, for parts that nobody hands it to."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from dsf.tracking.tracker import NoTracker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsf.tracking.tracker import Tracker

__all__ = ["current_tracker", "tracking_with"]

_CURRENT: ContextVar[Tracker | None] = ContextVar("dsf_tracker", default=None)


def current_tracker() -> Tracker:
    """Give the tracker of the run that is at work; one that keeps nothing if there is none."""
    return _CURRENT.get() or NoTracker()


@contextmanager
def tracking_with(tracker: Tracker) -> Iterator[None]:
    """Let a tracker be the current one.

    Args:
        tracker: Of the run that works inside.
    """
    token = _CURRENT.set(tracker)
    try:
        yield
    finally:
        _CURRENT.reset(token)
