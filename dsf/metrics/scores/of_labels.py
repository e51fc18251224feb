"""Metrics that follow from the counts of labels: one number for all, and one a label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.metrics.answers.label_sums import split_sums
from dsf.metrics.statistics.number import HEADLINE, Number
from dsf.metrics.statistics.summed import Summed

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dsf.metrics.answers.answers import Answers
    from dsf.metrics.answers.label_sums import LabelSums

__all__ = ["finish_labels", "mean_of_labels", "of_all", "of_labels"]


def of_all(
    answers: Answers,
    score: Callable[[LabelSums], NDArray[np.float64]],
    undefined: str = "",
) -> Summed:
    """Make a metric that is one number.

    Args:
        answers: What was answered.
        score: Makes the number of sums. Gives shape ``(draws,)``, NaN where there is none.
        undefined: Why there may be none.
    """
    made = Summed(answers.label_sums, lambda sums: score(split_sums(sums))[:, None], (HEADLINE,))
    return _explain(made, undefined)


def of_labels(
    answers: Answers,
    headline: Callable[[LabelSums], Any],
    each: Callable[[LabelSums], Any],
    undefined: str = "",
) -> Summed:
    """Make a metric with a number for every label.

    Args:
        answers: What was answered.
        headline: Makes the number of all labels. Gives shape ``(draws,)``.
        each: Makes one a label. Gives shape ``(draws, labels)``, NaN where a label has none.
        undefined: Why a label may have none.
    """
    numbers = (HEADLINE, *(Number(label) for label in answers.labels))
    return _explain(Summed(answers.label_sums, finish_labels(headline, each), numbers), undefined)


def finish_labels(
    headline: Callable[[LabelSums], Any], each: Callable[[LabelSums], Any]
) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Make what turns sums into the number of all labels, followed by one a label.

    Args:
        headline: Makes the number of all labels. Gives shape ``(draws,)``.
        each: Makes one a label. Gives shape ``(draws, labels)``.
    """

    def finish(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        parts = split_sums(sums)
        return np.column_stack([headline(parts), each(parts)])

    return finish


def mean_of_labels(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average over the labels that have a number; NaN if none has.

    Args:
        values: Shape: ``(draws, labels)``.

    Returns:
        Shape: ``(draws,)``.
    """
    there = ~np.isnan(values)
    count = there.sum(axis=1)
    total = np.where(there, values, 0.0).sum(axis=1)
    mean = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
    return np.asarray(mean)


def _explain(made: Summed, reason: str) -> Summed:
    """Give the numbers that these rows do not have their reason."""
    missing = np.isnan(made.measure())
    made.undefined = {
        number: reason for number, lacks in zip(made.numbers, missing, strict=True) if lacks
    }
    return made
