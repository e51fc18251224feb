"""Moments as people name them: a day, a time, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from dsf.core.errors import UserError

__all__ = ["parse_since", "read_moment"]

_AGO = re.compile(r"(\d{1,6})\s*(min|m|h|d|w)")
_UNITS = {"min": "minutes", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_since(text: str, now: datetime) -> datetime:
    """Read from when on runs are wanted.

    Args:
        text: ``2026-11-01``, ``2026-11-01T08:00``, both UTC unless they name another zone, or an
            age: ``30min``, ``12h``, ``7d``, ``2w``.
        now: The present moment, with its zone.

    Raises:
        UserError: If it is none of these.
    """
    if match := _AGO.fullmatch(text.strip()):
        ago = timedelta(**{_UNITS[match[2]]: int(match[1])})
        try:
            return now - ago
        except OverflowError:  # before the year 1: all runs
            return datetime.min.replace(tzinfo=UTC)
    moment = read_moment(text.strip())
    if moment is None:
        raise UserError(
            f"--since must be a day (2026-11-01), a time (2026-11-01T08:00) or an age (30min, 12h, "
            f"7d, 2w), not {text!r}."
        )
    return moment


def read_moment(text: str) -> datetime | None:
    """Read ISO 8601, UTC where no zone is named; ``None`` if it is something else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
