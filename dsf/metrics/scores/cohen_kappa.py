"""Agreement of truth and answers beyond chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.metrics.scores.of_labels import mean_of_labels, of_all, of_labels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.metrics.answers.answers import Answers
    from dsf.metrics.answers.label_sums import LabelSums
    from dsf.metrics.statistics.summed import Summed

__all__ = ["cohen_kappa"]

_REASON = "truth and answers are all one and the same label: chance alone agrees as well"


def cohen_kappa(answers: Answers) -> Summed:
    """Cohen's kappa: 1 is full agreement, 0 what chance gives with the same shares of the labels.

    Of several labels a row, it is the mean over the labels that have one.

    Source: Cohen 1960, "A coefficient of agreement for nominal scales".

    Args:
        answers: Of one label a row or token, or of several labels a row.
    """
    if answers.kind == "multilabel":
        return of_labels(answers, lambda sums: mean_of_labels(_of_each(sums)), _of_each, _REASON)
    return of_all(answers, _of_all, _REASON)


def _of_all(sums: LabelSums) -> NDArray[np.float64]:
    by_chance = (sums.counts.true * sums.counts.answered).sum(axis=1)
    return _beyond_chance(sums.right * sums.units, by_chance, sums.units**2)


def _of_each(sums: LabelSums) -> NDArray[np.float64]:
    counts, rows = sums.counts, sums.units[:, None]
    right = rows - counts.true - counts.answered + 2 * counts.hits
    by_chance = counts.true * counts.answered + (rows - counts.true) * (rows - counts.answered)
    return _beyond_chance(right * rows, by_chance, rows**2)


def _beyond_chance(
    right: NDArray[np.float64], by_chance: NDArray[np.float64], whole: NDArray[np.float64]
) -> NDArray[np.float64]:
    room = whole - by_chance
    return np.divide(right - by_chance, room, out=np.full_like(room, np.nan), where=room > 0)
