"""Correlation between truth and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.metrics.label_counts import divide
from dsf.metrics.scores.of_labels import of_all, of_labels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.metrics.answers.answers import Answers
    from dsf.metrics.answers.label_sums import LabelSums
    from dsf.metrics.statistics.summed import Summed

__all__ = ["mcc"]


def mcc(answers: Answers) -> Summed:
    """Matthews' correlation coefficient, from -1 to 1; 0 where truth or answers are all one label.

    Of several labels a row, it is the mean over the labels.

    Source: Gorodkin 2004, "Comparing two K-category assignments by a K-category correlation
    coefficient", https://doi.org/10.1016/j.compbiolchem.2004.09.006, eq. 8.

    Args:
        answers: Of one label a row or token, or of several labels a row.
    """
    if answers.kind == "multilabel":
        return of_labels(answers, lambda sums: _of_each(sums).mean(axis=1), _of_each)
    return of_all(answers, _of_all)


def _of_all(sums: LabelSums) -> NDArray[np.float64]:
    counts, rows = sums.counts, sums.units
    covariance = sums.right * rows - (counts.true * counts.answered).sum(axis=1)
    spread = [rows**2 - (each**2).sum(axis=1) for each in (counts.true, counts.answered)]
    return divide(covariance, np.sqrt(spread[0] * spread[1]))


def _of_each(sums: LabelSums) -> NDArray[np.float64]:
    counts, rows = sums.counts, sums.units[:, None]
    covariance = counts.hits * rows - counts.true * counts.answered
    spread = [each * (rows - each) for each in (counts.true, counts.answered)]
    return divide(covariance, np.sqrt(spread[0] * spread[1]))
