"""How improbable the model holds the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.metrics.scores.of_rows import mean_of_rows

if TYPE_CHECKING:
    from dsf.metrics.answers.scored import ScoredAnswers
    from dsf.metrics.statistics.summed import Summed

__all__ = ["log_loss"]

_LEAST = float(np.finfo(np.float64).eps)


def log_loss(answers: ScoredAnswers) -> Summed:
    """Mean of the negative logarithm of the truth's probability; of several labels, their mean.

    Probabilities are kept away from 0 and 1 by 2.2e-16, so that one mistake made with certainty
    costs 36 and not infinity; scikit-learn does the same.

    Args:
        answers: With probabilities.
    """
    assert answers.probabilities is not None
    found = np.clip(answers.probabilities, _LEAST, 1 - _LEAST)
    if answers.kind == "single":
        return mean_of_rows(-np.log(found[answers.truth]))
    return mean_of_rows(-np.log(np.where(answers.truth, found, 1 - found)), answers.labels)
