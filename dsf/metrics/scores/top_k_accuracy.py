"""Share of the rows whose true label is among the most probable ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import ConfigError, Problem
from dsf.metrics.scores.of_rows import mean_of_rows

if TYPE_CHECKING:
    from dsf.metrics.answers.single import SingleAnswers
    from dsf.metrics.statistics.summed import Summed

__all__ = ["top_k_accuracy"]


def top_k_accuracy(answers: SingleAnswers, k: int = 3) -> Summed:
    """Share of the rows whose true label is one of the ``k`` most probable.

    Of labels with the same probability, the first one counts as the more probable, as it does
    for the answer itself; in scikit-learn it is the last one.

    Args:
        answers: One label a row, with probabilities.
        k: How many.

    Raises:
        ConfigError: If ``k`` is below 1.
    """
    if k < 1:
        message = f"must be at least 1, but is {k}."
        raise ConfigError("The metric cannot be computed.", [Problem("top_k_accuracy.k", message)])
    assert answers.probabilities is not None
    found, columns = answers.probabilities, np.arange(len(answers.labels))
    own = found[np.arange(answers.rows), answers.true_codes][:, None]
    earlier = columns < answers.true_codes[:, None]
    before = ((found > own) | ((found == own) & earlier)).sum(axis=1)
    return mean_of_rows(before < k)
