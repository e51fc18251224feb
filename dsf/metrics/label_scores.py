"""Scores that follow from a confusion matrix alone: accuracy, precision, recall and F1.

Every function takes counts with the truth in rows and the answers in columns, as
:func:`dsf.metrics.confusion_matrix` makes them. The averages are those of
:mod:`dsf.metrics.label_counts`; for one label a row ``"micro"`` is the accuracy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.metrics.label_counts import Average, LabelCounts, divide

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["accuracy", "count_matrix", "f1", "precision", "recall"]


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
    return float(divide(np.trace(counts), counts.sum()))


def precision(matrix: ArrayLike, average: Average | None = "macro") -> float | NDArray[np.float64]:
    """Share of the rows answered with a label that truly have it.

    Args:
        matrix: Counts, truth in rows. Shape: ``(labels, labels)``.
        average: See :mod:`dsf.metrics.label_counts`.

    Returns:
        A number from 0 to 1, or one a label. Shape: ``(labels,)`` if ``average`` is ``None``.

    Raises:
        DataError: If the matrix is not square.
        ConfigError: If there is no such average.
    """
    return count_matrix(matrix).precision(average)


def recall(matrix: ArrayLike, average: Average | None = "macro") -> float | NDArray[np.float64]:
    """Share of the rows that truly have a label which were answered with it.

    Args:
        matrix: Counts, truth in rows. Shape: ``(labels, labels)``.
        average: See :mod:`dsf.metrics.label_counts`.

    Returns:
        A number from 0 to 1, or one a label. Shape: ``(labels,)`` if ``average`` is ``None``.

    Raises:
        DataError: If the matrix is not square.
        ConfigError: If there is no such average.
    """
    return count_matrix(matrix).recall(average)


def f1(matrix: ArrayLike, average: Average | None = "macro") -> float | NDArray[np.float64]:
    """Harmonic mean of precision and recall.

    Args:
        matrix: Counts, truth in rows. Shape: ``(labels, labels)``.
        average: See :mod:`dsf.metrics.label_counts`.

    Returns:
        A number from 0 to 1, or one a label. Shape: ``(labels,)`` if ``average`` is ``None``.

    Raises:
        DataError: If the matrix is not square.
        ConfigError: If there is no such average.
    """
    return count_matrix(matrix).f1(average)


def count_matrix(matrix: ArrayLike) -> LabelCounts:
    """Take the counts of each label out of a confusion matrix.

    Args:
        matrix: Counts, truth in rows. Shape: ``(labels, labels)``.

    Raises:
        DataError: If the matrix is not square.
    """
    counts = _as_counts(matrix)
    return LabelCounts(np.diag(counts), counts.sum(axis=1), counts.sum(axis=0))


def _as_counts(matrix: ArrayLike) -> NDArray[np.int64]:
    counts = np.asarray(matrix)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        message = f"must have shape (labels, labels), but has {counts.shape}."
        raise DataError("The counts cannot be scored.", [Problem("matrix", message)])
    return counts
