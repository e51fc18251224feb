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
    from dsf.metrics.label_counts import Average, LabelCounts

    LabelScore = Callable[[LabelCounts, Average | None], Any]

__all__ = [
    "UNUSED",
    "explain",
    "finish_labels",
    "mean_of_labels",
    "of_all",
    "of_counts",
    "of_labels",
    "score_each",
]

UNUSED = "no row has the label, and none was answered with it"


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
    return explain(made, undefined)


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
    return explain(Summed(answers.label_sums, finish_labels(headline, each), numbers), undefined)


def of_counts(answers: Answers, score: LabelScore, average: Average) -> Summed:
    """Make precision, recall or F1 of all labels and of each.

    Args:
        answers: What was answered.
        score: A method of :class:`dsf.metrics.label_counts.LabelCounts`.
        average: How the labels become one number.
    """
    return of_labels(answers, lambda sums: score(sums.counts, average), score_each(score), UNUSED)


def score_each(score: LabelScore) -> Callable[[LabelSums], NDArray[np.float64]]:
    """Make what scores each label; NaN for one that is neither true nor answered.

    The macro average leaves that one out, too. In the samples of a bootstrap a rare label is
    often not drawn: counted as 0, that would tell of the model what is true of the sample alone.

    Args:
        score: A method of :class:`dsf.metrics.label_counts.LabelCounts`.
    """

    def each(sums: LabelSums) -> NDArray[np.float64]:
        used = (sums.counts.true + sums.counts.answered) > 0
        return np.where(used, score(sums.counts, None), np.nan)

    return each


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


def explain(made: Summed, reason: str) -> Summed:
    """Give the numbers that these rows do not have their reason.

    Args:
        made: The statistic.
        reason: Why a number may be missing.
    """
    missing = np.isnan(made.measure())
    made.undefined = {
        number: reason for number, lacks in zip(made.numbers, missing, strict=True) if lacks
    }
    return made
