"""What is to be said of the intervals that a verdict rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.excerpts import count

if TYPE_CHECKING:
    from dsf.metrics.resampling.settings import Bootstrap

__all__ = ["remark_on_intervals"]

_FEW = 30
"""Rows, or clusters of them, below which their number is remarked upon."""
_NARROW = 80
"""Percent of the samples in an interval, below which its width is remarked upon."""


def remark_on_intervals(bootstrap: Bootstrap, rows: int) -> list[str]:
    """Warn of intervals that promise less than they seem to, in sentences.

    Samples of very few rows are too much alike. And who asks for an interval of 20 % gets one that
    misses the truth in four of five studies.

    Args:
        bootstrap: How they are drawn.
        rows: How many rows were compared.
    """
    notes, units = [], bootstrap.units(rows)
    if units < _FEW:
        what = count(units, "cluster" if bootstrap.resample == "clusters" else "row")
        notes.append(
            f"Drawn from {what} alone: intervals of fewer than {_FEW} tend to be too narrow. Take "
            "the verdict as a hint."
        )
    lower, upper = bootstrap.ends
    if upper - lower < _NARROW:
        missed = 100 - upper + lower
        notes.append(
            f"These are intervals of {upper - lower:g} %: they miss the truth in {missed:g} of 100 "
            "studies, and so does a verdict that rests on them."
        )
    return notes
