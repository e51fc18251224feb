"""Scores that follow from a confusion matrix alone: accuracy, precision, recall and F1.

Every function takes counts with the truth in rows and the answers in columns, as
:func:`dsf.metrics.confusion_matrix` makes them.

One average for all of them:

- ``"micro"``: counts of all labels are added first, then divided. For one label a row this is
  the accuracy.
- ``"macro"``: the mean over the labels that occur in the truth or in the answers. A label that
  nobody used says nothing about a model, so it does not pull the mean down.
- ``"weighted"``: the mean over the labels, each weighted by its number of true rows.
- ``None``: no average, one number a label, in the order of the matrix.

Wherever the divisor is zero (a label that was never answered has no precision, one that never
occurs has no recall), the score is 0.0. All of this agrees with scikit-learn, called without
``labels`` and with ``zero_division=0``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from dsf.core.errors import ConfigError, DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

__all__ = ["AVERAGES", "Average", "accuracy", "f1", "precision", "recall"]

Average: TypeAlias = Literal["micro", "macro", "weighted"]
"""How the scores of the labels become one number."""

AVERAGES: tuple[Average, ...] = ("micro", "macro", "weighted")


def accuracy(matrix: ArrayLike) -> float:
    """Share of rows that got their true label.

    Args:
        matrix: Counts, truth in rows. Shape: ``(labels, labels)``.

    Returns:
        A number from 0 to 1; 0.0 for no rows.

    Raises:
        DataError: If the matrix is not square.
    """
    counts = _as_counts(matrix)
    return float(_divide(np.trace(counts), counts.sum()))


def precision(matrix: ArrayLike, average: Average | None = "macro") -> float | NDArray[np.float64]:
    """Share of the rows answered with a label that truly have it.

    Args:
        matrix: Counts, truth in rows. Shape: ``(labels, labels)``.
        average: See the top of this file.

    Returns:
        A number from 0 to 1, or one a label. Shape: ``(labels,)`` if ``average`` is ``None``.

    Raises:
        DataError: If the matrix is not square.
        ConfigError: If there is no such average.
    """
    return _average(matrix, average, lambda hit, _, answered: _divide(hit, answered))


def recall(matrix: ArrayLike, average: Average | None = "macro") -> float | NDArray[np.float64]:
    """Share of the rows that truly have a label which were answered with it.

    Args:
        matrix: Counts, truth in rows. Shape: ``(labels, labels)``.
        average: See the top of this file.

    Returns:
        A number from 0 to 1, or one a label. Shape: ``(labels,)`` if ``average`` is ``None``.

    Raises:
        DataError: If the matrix is not square.
        ConfigError: If there is no such average.
    """
    return _average(matrix, average, lambda hit, true, _: _divide(hit, true))


def f1(matrix: ArrayLike, average: Average | None = "macro") -> float | NDArray[np.float64]:
    """Harmonic mean of precision and recall.

    Args:
        matrix: Counts, truth in rows. Shape: ``(labels, labels)``.
        average: See the top of this file.

    Returns:
        A number from 0 to 1, or one a label. Shape: ``(labels,)`` if ``average`` is ``None``.

    Raises:
        DataError: If the matrix is not square.
        ConfigError: If there is no such average.
    """
    return _average(matrix, average, lambda hit, true, answered: _divide(2 * hit, true + answered))


def _average(
    matrix: ArrayLike,
    average: Average | None,
    score: Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]],
) -> float | NDArray[np.float64]:
    """Score each label by its hits, true rows and answered rows, then average."""
    if average is not None and average not in AVERAGES:
        message = f"must be one of {', '.join(AVERAGES)}, but is {average!r}."
        raise ConfigError("The scores cannot be averaged.", [Problem("average", message)])
    counts = _as_counts(matrix)
    hit, true, answered = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    if average == "micro":
        return float(score(hit.sum(), true.sum(), answered.sum()))
    scores = score(hit, true, answered)
    if average is None:
        return scores
    weights = true if average == "weighted" else (true + answered) > 0
    return float(_divide((scores * weights).sum(), weights.sum()))


def _as_counts(matrix: ArrayLike) -> NDArray[np.int64]:
    counts = np.asarray(matrix)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        message = f"must have shape (labels, labels), but has {counts.shape}."
        raise DataError("The counts cannot be scored.", [Problem("matrix", message)])
    return counts


def _divide(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """Divide, with 0.0 wherever the divisor is zero."""
    numerator, divisor = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    return np.divide(numerator, divisor, out=np.zeros_like(numerator), where=divisor != 0)
