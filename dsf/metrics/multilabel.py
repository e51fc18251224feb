"""Several labels a row: what is counted, and the scores that are of rows rather than labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.metrics.label_counts import LabelCounts, divide

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["as_switches", "count_labels_of_rows", "samples_f1", "subset_accuracy"]


def count_labels_of_rows(targets: ArrayLike, answers: ArrayLike) -> LabelCounts:
    """Count hits, truth and answers of each label.

    Args:
        targets: 1 where a row has a label, else 0. Shape: ``(rows, labels)``.
        answers: The same of the answers. Shape: ``(rows, labels)``.

    Raises:
        DataError: If shapes differ, or anything is neither 0 nor 1.
    """
    true, answered = as_switches(targets, answers)
    return LabelCounts((true & answered).sum(axis=0), true.sum(axis=0), answered.sum(axis=0))


def subset_accuracy(targets: ArrayLike, answers: ArrayLike) -> float:
    """Share of the rows that got exactly their labels; 0.0 for no rows.

    Args:
        targets: Shape: ``(rows, labels)``.
        answers: Shape: ``(rows, labels)``.
    """
    true, answered = as_switches(targets, answers)
    return float(divide((true == answered).all(axis=1).sum(), len(true)))


def samples_f1(targets: ArrayLike, answers: ArrayLike) -> float:
    """Mean over the rows of the F1 between a row's labels and its answers.

    A row without labels that got none scores 0.0, as in scikit-learn with ``zero_division=0``.

    Args:
        targets: Shape: ``(rows, labels)``.
        answers: Shape: ``(rows, labels)``.
    """
    true, answered = as_switches(targets, answers)
    hits = (true & answered).sum(axis=1)
    scores = divide(2 * hits, true.sum(axis=1) + answered.sum(axis=1))
    return float(divide(scores.sum(), len(scores)))


def as_switches(
    targets: ArrayLike, answers: ArrayLike
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Give truth and answers as booleans.

    Raises:
        DataError: If shapes differ, or anything is neither 0 nor 1.
    """
    true, answered = np.asarray(targets), np.asarray(answers)
    problems = []
    if true.ndim != 2 or true.shape != answered.shape:
        message = f"must have one shape (rows, labels), but have {true.shape} and {answered.shape}."
        problems.append(Problem("targets and answers", message))
    for name, values in (("targets", true), ("answers", answered)):
        if not np.isin(values, (0, 1)).all():
            problems.append(Problem(name, "must be 0 or 1 everywhere, but are not."))
    if problems:
        raise DataError("The labels of the rows cannot be counted.", problems)
    return true.astype(bool), answered.astype(bool)
