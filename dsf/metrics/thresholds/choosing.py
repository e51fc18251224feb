"""The threshold of each label that is best on validation rows."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.excerpts import count, excerpt
from dsf.metrics.thresholds.candidates import threshold_grid
from dsf.metrics.thresholds.judging import find_judge
from dsf.metrics.thresholds.trying import try_all, try_grid

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from dsf.metrics.thresholds.judging import Judge, ThresholdMetric

__all__ = [
    "WITHOUT_ROWS",
    "ThresholdSearch",
    "apply_thresholds",
    "best_thresholds",
    "check_threshold_options",
]

_NUMBERS = (Real, np.bool_)

ThresholdSearch: TypeAlias = Literal["exact", "grid"]
"""Which thresholds are tried: all that make a difference, or those of a grid."""

WITHOUT_ROWS = 0.5
"""Threshold where there is nothing to choose by: of a label that no row has, by an exact search;
and of one for which a function gives no number."""


def best_thresholds(
    targets: ArrayLike,
    probabilities: ArrayLike,
    vmin: float = 0.1,
    vmax: float = 0.9,
    step: float = 0.05,
    *,
    search: ThresholdSearch = "grid",
    metric: ThresholdMetric = "f1",
    maximize: bool = True,
) -> NDArray[np.float64]:
    """Choose for each label the threshold with the highest F1, or another metric of a label.

    A label is answered where its probability is above the threshold, not equal to it; both are
    compared as float64. Among thresholds that are equally good the lowest is chosen; of recall
    (tpr, fnr) the highest, since every lower one only answers more for nothing.

    A function of one's own is called for each label and each threshold that is tried, as
    ``function(targets, answers)`` with two int8 arrays of 0 and 1 of shape ``(rows,)``. It gives
    one number, or NaN: this threshold is not chosen. An exact search calls it once for each
    distinct score of a label, which for 5,000 rows and a function of 1 ms is 5 s a label, in every
    epoch; a grid calls it once for each of its thresholds. Our own metrics need no calls.

    Which search? Simulated labels (two normal scores 2 or 3 deviations apart, 200 to 5,000
    validation rows, F1 on 60,000 other rows, 60 repetitions) say: with 50 rows of a label or more,
    both differ by less than 0.004 where probabilities are about right, and a grid that begins at
    0.1 loses up to 0.03 where they are far too low; with 10 rows or fewer an exact search follows
    chance and loses up to 0.07. So the grid is the default for F1; balanced accuracy, whose best
    threshold is near the share of the rows that have a label, wants the exact search.

    A label that no row has gets :data:`WITHOUT_ROWS` from an exact search, and the best threshold
    of a grid, which is its lowest for F1. Where a function gives NaN at every threshold, a label
    gets :data:`WITHOUT_ROWS` as well.

    Args:
        targets: 1 where a row has a label, else 0. Shape: ``(rows, labels)``.
        probabilities: Shape: ``(rows, labels)``.
        vmin: The lowest threshold of the grid.
        vmax: The end of the grid, exclusive.
        step: Distance of its thresholds.
        search: ``grid`` tries the thresholds of the grid, from one histogram a label; ``exact``
            all that make a difference, by sorting, half way between neighbouring scores.
        metric: One of :data:`dsf.metrics.thresholds.THRESHOLD_METRICS`, or ``f2``, ``f0.5`` …; a
            function, or a reference to one: ``sklearn.metrics:jaccard_score``.
        maximize: Whether more of what a function gives is better; ``False`` for a loss. Of our
            metrics it is known: fnr and fpr are minimized whatever stands here.

    Returns:
        Shape: ``(labels,)``.

    Raises:
        ConfigError: If the numbers make no grid, or there is no such search or metric.
        BadReferenceError: If a reference leads nowhere, or out of the allowed packages.
        DataError: If the shapes differ, a target is neither 0 nor 1, or a probability is not
            between 0 and 1; names the rows.
        HookRaisedError: If a function ends with an error of its own.
        HookResultError: If it gives no number.
    """
    judge, grid = check_threshold_options(
        vmin, vmax, step, search=search, metric=metric, maximize=maximize
    )
    true, scores = _read_rows(targets, probabilities)
    chosen = [
        _best(true[:, label], scores[:, label], grid, judge) for label in range(true.shape[1])
    ]
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


def check_threshold_options(
    vmin: float = 0.1,
    vmax: float = 0.9,
    step: float = 0.05,
    *,
    search: ThresholdSearch = "grid",
    metric: ThresholdMetric = "f1",
    maximize: bool = True,
) -> tuple[Judge, NDArray[np.float64] | None]:
    """Find whether thresholds can be chosen so, before there are rows.

    Args:
        vmin: As of :func:`best_thresholds`, like all that follow.
        vmax: End of the grid.
        step: Distance of its thresholds.
        search: ``grid`` or ``exact``.
        metric: What thresholds are chosen by.
        maximize: Whether more of it is better.

    Returns:
        What thresholds are judged by; and the grid, ``None`` if all are tried.

    Raises:
        ConfigError: If the numbers make no grid, or there is no such search or metric.
        BadReferenceError: If a reference leads nowhere, or out of the allowed packages.
    """
    if search not in ("exact", "grid"):
        message = f"must be exact or grid, but is {search!r}."
        raise ConfigError("Thresholds cannot be chosen.", [Problem("threshold_search", message)])
    judge = find_judge(metric, maximize=maximize)
    return judge, threshold_grid(vmin, vmax, step) if search == "grid" else None


def _best(
    true: NDArray[np.bool_],
    scores: NDArray[np.float64],
    grid: NDArray[np.float64] | None,
    judge: Judge,
) -> float:
    if grid is None and not true.any():
        return WITHOUT_ROWS
    tried = try_all(true, scores) if grid is None else try_grid(true, scores, grid)
    best = judge.choose(true, scores, tried)
    return WITHOUT_ROWS if best is None else best


def _read_rows(
    targets: ArrayLike, probabilities: ArrayLike
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Give truth and scores; refuse what is neither 0 nor 1, and what is no probability."""
    true, scores = np.asarray(targets), np.asarray(probabilities)
    problems = []
    if true.ndim != 2 or true.shape != scores.shape:
        message = f"must have one shape (rows, labels), but have {true.shape} and {scores.shape}."
        problems.append(Problem("targets and probabilities", message))
    else:
        for name, right, wanted in (
            ("targets", _are_switches(true), "0 or 1"),
            ("probabilities", _are_probabilities(scores), "numbers between 0 and 1"),
        ):
            wrong = np.flatnonzero(~right.all(axis=1))
            if len(wrong):
                told = f"must be {wanted}, but are not in {count(len(wrong), 'row')}"
                problems.append(Problem(name, f"{told}, counted from 0: {excerpt(wrong)}."))
    if problems:
        raise DataError("Thresholds cannot be chosen.", problems)
    return true.astype(bool), np.asarray(scores, dtype=np.float64)


def _are_switches(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Say which cells are 0 or 1; text that looks so is not."""
    numbers = _as_numbers(values)
    return np.asarray((numbers == 0) | (numbers == 1))


def _are_probabilities(values: NDArray[Any]) -> NDArray[np.bool_]:
    numbers = _as_numbers(values)
    return np.asarray((numbers >= 0) & (numbers <= 1))


def _as_numbers(values: NDArray[Any]) -> NDArray[Any]:
    """Give the cells as numbers; NaN where one is none, such as text or what is missing."""
    if values.dtype.kind in "biuf":
        return values
    cells = [float(one) if isinstance(one, _NUMBERS) else np.nan for one in values.flat]
    return np.array(cells, dtype=np.float64).reshape(values.shape)
