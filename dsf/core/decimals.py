"""Numbers and durations as people read them: in tables, reports and the terminal alike."""

from __future__ import annotations

__all__ = ["as_decimal", "as_difference", "as_duration"]

_HUGE = 1e6
"""From here on a number is written with six digits, not with decimals."""


def as_decimal(value: float, places: int = 4) -> str:
    """Write a value with its decimals, a huge one with six digits.

    Args:
        value: Any number.
        places: How many decimals.
    """
    if abs(value) >= _HUGE:
        return f"{value:.6g}"
    return f"{_rounded(value, places):.{places}f}"


def as_difference(value: float, places: int = 4) -> str:
    """Write a difference with its sign, else as :func:`as_decimal`; none has no sign.

    Args:
        value: One number less another.
        places: How many decimals.
    """
    if abs(value) >= _HUGE:
        return f"{value:+.6g}"
    rounded = _rounded(value, places)
    return f"{rounded:{'+' if rounded else ''}.{places}f}"


def as_duration(seconds: float) -> str:
    """Write a duration as people do: ``0.4 s``, ``3 min 05 s``, ``2 h 04 min``.

    Args:
        seconds: How long.
    """
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"


def _rounded(value: float, places: int) -> float:
    return round(value, places) + 0.0  # adding zero turns -0.0 into 0.0
