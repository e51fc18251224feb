"""How far probabilities lie from what is true, squared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.metrics.scores.of_rows import mean_of_rows

if TYPE_CHECKING:
    from dsf.metrics.answers.scored import ScoredAnswers
    from dsf.metrics.statistics.summed import Summed

__all__ = ["brier_score"]


def brier_score(answers: ScoredAnswers) -> Summed:
    """Mean squared distance of the probabilities from 0 and 1.

    Of two labels of which a row has one, it is that of the second, from 0 to 1; of more, the sum
    over the labels, from 0 to 2. Of several labels a row, each is a score of its own.

    Source: Brier 1950, "Verification of forecasts expressed in terms of probability".

    Args:
        answers: With probabilities.
    """
    assert answers.probabilities is not None
    squares = (answers.probabilities - answers.truth) ** 2
    if answers.kind != "single":
        return mean_of_rows(squares, answers.labels)
    return mean_of_rows(squares[:, 1] if len(answers.labels) == 2 else squares.sum(axis=1))
