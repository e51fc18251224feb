"""Thresholds that are tried on the rows of one label, and what is answered at each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dsf.metrics.thresholds.candidates import between_scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Tried", "try_all", "try_grid"]


class Tried(NamedTuple):
    """What comes of each threshold.

    Attributes:
        thresholds: Ascending. Shape: ``(thresholds,)``.
        answered: Rows whose score is above it. Shape: ``(thresholds,)``.
        hits: Those of them that have the label. Shape: ``(thresholds,)``.
    """

    thresholds: NDArray[np.float64]
    answered: NDArray[np.int64]
    hits: NDArray[np.int64]


def try_all(true: NDArray[np.bool_], scores: NDArray[np.float64]) -> Tried:
    """Try all thresholds that make a difference, from one sort.

    Args:
        true: Whether a row has the label. Shape: ``(rows,)``.
        scores: From 0 to 1. Shape: ``(rows,)``.
    """
    order = np.argsort(scores)
    ascending, below = scores[order], np.concatenate([[0], np.cumsum(true[order])])
    starts = np.flatnonzero(np.diff(ascending, prepend=-1.0) > 0)
    tried = between_scores(ascending[starts])
    # The first row that a threshold answers; behind the last one there is none.
    first = np.append(starts, len(scores))[-len(tried) :]
    return Tried(tried, len(scores) - first, below[-1] - below[first])


def try_grid(
    true: NDArray[np.bool_], scores: NDArray[np.float64], grid: NDArray[np.float64]
) -> Tried:
    """Try the thresholds of a grid, from one histogram.

    Args:
        true: Whether a row has the label. Shape: ``(rows,)``.
        scores: From 0 to 1. Shape: ``(rows,)``.
        grid: Ascending. Shape: ``(thresholds,)``.
    """
    # How many thresholds a score is above: at threshold number i it is answered if that is > i.
    above = np.searchsorted(grid, scores, side="left")
    answered, hits = (_at_each_threshold(one, len(grid)) for one in (above, above[true]))
    return Tried(grid, answered, hits)


def _at_each_threshold(above: NDArray[np.intp], size: int) -> NDArray[np.int64]:
    """Count the rows that are answered at each threshold."""
    counts = np.bincount(above, minlength=size + 1)
    return np.asarray(counts[::-1].cumsum()[::-1][1:], dtype=np.int64)
