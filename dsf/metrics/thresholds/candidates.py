"""Thresholds to try: those of a grid, or all that make a difference."""

from __future__ import annotations

from math import ceil, isfinite
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import ConfigError, Problem

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["between_scores", "exact_candidates", "threshold_grid"]

_MOST = 10_000  # more would take memory and time, and choose by chance


def threshold_grid(vmin: float, vmax: float, step: float) -> NDArray[np.float64]:
    """Make the thresholds to try: ``vmin``, ``vmin + step``, …, all below ``vmax``.

    Args:
        vmin: The lowest, above 0.
        vmax: The end, exclusive, below 1.
        step: Distance of neighbours; there may be at most 10,000 thresholds.

    Raises:
        ConfigError: If the numbers make no grid; lists all that is wrong.
    """
    problems = [
        Problem(name, f"must be a finite number, but is {value!r}.")
        for name, value in (("vmin", vmin), ("vmax", vmax), ("step", step))
        if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(value)
    ]
    problems = problems or _grid_problems(float(vmin), float(vmax), float(step))
    if problems:
        raise ConfigError("The thresholds to try must make a grid.", problems)
    return np.asarray(vmin + step * np.arange(_count(vmin, vmax, step)), dtype=np.float64)


def exact_candidates(scores: ArrayLike) -> NDArray[np.float64]:
    """Give a threshold for every set of rows that a threshold can answer.

    It lies half way between neighbouring scores: rows that are not seen yet may fall on either
    side of those that were. The first one lies half way from 0 to the lowest score, the last one
    half way from the highest to 1, where nothing is answered.

    Args:
        scores: Probabilities from 0 to 1, in any order. Shape: ``(rows,)``.

    Returns:
        Ascending. Shape: ``(distinct scores above 0, plus 1,)``.
    """
    return between_scores(np.unique(np.asarray(scores, dtype=np.float64)))


def between_scores(distinct: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the candidates of :func:`exact_candidates`.

    Args:
        distinct: The scores, ascending, each once. Shape: ``(scores,)``.
    """
    # A probability of 0 is above no threshold, so that it is never answered.
    edges = np.concatenate([[0.0], distinct[distinct > 0], [1.0]])
    lower, upper = edges[:-1], edges[1:]
    middle = lower + (upper - lower) / 2
    # Between two neighbours among the floats there is none: the lower one parts them as well.
    middle[middle >= upper] = lower[middle >= upper]
    return np.asarray(middle, dtype=np.float64)


def _grid_problems(vmin: float, vmax: float, step: float) -> list[Problem]:
    problems = [
        Problem(name, f"must lie between 0 and 1, but is {value}.")
        for name, value in (("vmin", vmin), ("vmax", vmax))
        if not 0 < value < 1
    ]
    if not vmax > vmin:
        problems.append(Problem("vmax", f"must be above vmin, but {vmax} is not above {vmin}."))
    if not step > 0:
        problems.append(Problem("step", f"must be above 0, but is {step}."))
    elif (vmax - vmin) / step > _MOST:
        message = f"must make at most {_MOST:,} thresholds from {vmin} to {vmax}, but is {step}."
        problems.append(Problem("step", message))
    return problems


def _count(vmin: float, vmax: float, step: float) -> int:
    # A step that ends on vmax but for rounding must not try vmax.
    return ceil((vmax - vmin) / step - 1e-9)
