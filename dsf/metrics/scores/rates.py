"""The four rates of a label: what is found, missed, answered for nothing, rightly left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.metrics.scores.of_labels import mean_of_labels, of_labels

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dsf.metrics.answers.answers import Answers
    from dsf.metrics.answers.label_sums import LabelSums
    from dsf.metrics.statistics.summed import Summed

__all__ = ["fnr", "fpr", "tnr", "tpr"]

_WITHOUT = "no row has the label"
_WITH = "no row is without the label"


def tpr(answers: Answers) -> Summed:
    """Of the rows that have a label, the share that is answered with it.

    Args:
        answers: Of one label a row or token, or of several labels a row.
    """
    return _rate(answers, lambda sums: _share(sums.counts.hits, sums.counts.true), _WITHOUT)


def fnr(answers: Answers) -> Summed:
    """Of the rows that have a label, the share that is not answered with it.

    Args:
        answers: Of one label a row or token, or of several labels a row.
    """
    return _rate(
        answers,
        lambda sums: _share(sums.counts.true - sums.counts.hits, sums.counts.true),
        _WITHOUT,
    )


def fpr(answers: Answers) -> Summed:
    """Of the rows that do not have a label, the share that is answered with it.

    Args:
        answers: Of one label a row or token, or of several labels a row.
    """
    return _rate(
        answers,
        lambda sums: _share(sums.counts.answered - sums.counts.hits, _without(sums)),
        _WITH,
    )


def tnr(answers: Answers) -> Summed:
    """Of the rows that do not have a label, the share that is not answered with it.

    Args:
        answers: Of one label a row or token, or of several labels a row.
    """

    def left_alone(sums: LabelSums) -> NDArray[np.float64]:
        without = _without(sums)
        return _share(without - sums.counts.answered + sums.counts.hits, without)

    return _rate(answers, left_alone, _WITH)


def _rate(
    answers: Answers, each: Callable[[LabelSums], NDArray[np.float64]], undefined: str
) -> Summed:
    return of_labels(answers, lambda sums: mean_of_labels(each(sums)), each, undefined)


def _without(sums: LabelSums) -> NDArray[np.float64]:
    return np.asarray(sums.units[:, None] - sums.counts.true)


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)
