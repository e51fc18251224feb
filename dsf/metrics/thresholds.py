"""From which probability on a label is answered: chosen on validation rows, label by label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.metrics.label_counts import divide

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["apply_thresholds", "best_thresholds", "threshold_grid"]


def threshold_grid(vmin: float, vmax: float, step: float) -> NDArray[np.float64]:
    """Make the thresholds to try: ``vmin``, ``vmin + step``, …, all below ``vmax``.

    Args:
        vmin: The lowest, above 0.
        vmax: The end, exclusive, below 1.
        step: Distance of neighbours.

    Raises:
        ConfigError: If the numbers make no grid; lists all that is wrong.
    """
    problems = [
        Problem(name, f"must lie between 0 and 1, but is {value}.")
        for name, value in (("vmin", vmin), ("vmax", vmax))
        if not 0 < value < 1
    ]
    if not vmax > vmin:
        problems.append(Problem("vmax", f"must be above vmin, but {vmax} is not above {vmin}."))
    if not step > 0:
        problems.append(Problem("step", f"must be above 0, but is {step}."))
    if problems:
        raise ConfigError("The thresholds to try must make a grid.", problems)
    # A step that ends on vmax but for rounding must not try vmax.
    count = int(np.ceil((vmax - vmin) / step - 1e-9))
    return np.asarray(vmin + step * np.arange(count), dtype=np.float64)


def best_thresholds(
    targets: ArrayLike,
    probabilities: ArrayLike,
    vmin: float = 0.1,
    vmax: float = 0.9,
    step: float = 0.05,
) -> NDArray[np.float64]:
    """Choose for each label the threshold with the highest F1; the lowest one on a tie.

    A label is answered where its probability is above the threshold, not equal to it; both are
    compared as float64. All thresholds are scored from one histogram a label.

    Args:
        targets: 1 where a row has a label, else 0. Shape: ``(rows, labels)``.
        probabilities: Shape: ``(rows, labels)``.
        vmin: The lowest threshold to try.
        vmax: The end of those to try, exclusive.
        step: Their distance.

    Returns:
        Shape: ``(labels,)``.

    Raises:
        ConfigError: If the numbers make no grid.
        DataError: If the shapes differ or a probability is not between 0 and 1.
    """
    grid = threshold_grid(vmin, vmax, step)
    true, scores = np.asarray(targets).astype(bool), np.asarray(probabilities, dtype=np.float64)
    _check(true, scores)
    chosen = [_best(true[:, label], scores[:, label], grid) for label in range(true.shape[1])]
    return np.asarray(chosen, dtype=np.float64)


def apply_thresholds(probabilities: ArrayLike, thresholds: ArrayLike) -> NDArray[np.int8]:
    """Answer the labels whose probability is above their threshold.

    Args:
        probabilities: Shape: ``(rows, labels)``.
        thresholds: Shape: ``(labels,)``, or one for all.

    Returns:
        0 or 1. Shape: ``(rows, labels)``.
    """
    scores = np.asarray(probabilities, dtype=np.float64)
    return (scores > np.asarray(thresholds, dtype=np.float64)).astype(np.int8)


def _best(true: NDArray[np.bool_], scores: NDArray[np.float64], grid: NDArray[np.float64]) -> float:
    # How many thresholds a score is above: at threshold number i it is answered if that is > i.
    above = np.searchsorted(grid, scores, side="left")
    answered = _at_each_threshold(above, len(grid))
    hits = _at_each_threshold(above[true], len(grid))
    f1 = divide(2 * hits, answered + true.sum())
    return float(grid[int(f1.argmax())])


def _at_each_threshold(above: NDArray[np.intp], size: int) -> NDArray[np.int64]:
    """Count the rows that are answered at each threshold."""
    counts = np.bincount(above, minlength=size + 1)
    return np.asarray(counts[::-1].cumsum()[::-1][1:], dtype=np.int64)


def _check(true: NDArray[np.bool_], scores: NDArray[np.float64]) -> None:
    problems = []
    if true.ndim != 2 or true.shape != scores.shape:
        message = f"must have one shape (rows, labels), but have {true.shape} and {scores.shape}."
        problems.append(Problem("targets and probabilities", message))
    if not ((scores >= 0) & (scores <= 1)).all():
        problems.append(Problem("probabilities", "must lie between 0 and 1, but do not."))
    if problems:
        raise DataError("Thresholds cannot be chosen.", problems)
