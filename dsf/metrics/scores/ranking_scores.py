"""ROC-AUC and average precision: how well the probabilities order the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.metrics.statistics.ranked import Ranked

if TYPE_CHECKING:
    from dsf.metrics.answers.scored import ScoredAnswers
    from dsf.metrics.label_counts import Average
    from dsf.metrics.statistics.ranked import RankMeasure

__all__ = ["average_precision", "roc_auc"]


def roc_auc(answers: ScoredAnswers, average: Average = "macro") -> Ranked:
    """Chance that a row with a label is ranked above one without it; a tie counts half.

    Of two labels of which a row has one, it is that of the second; of more, each is taken against
    all others. A label that no row has, or every row, has none and is left out of the mean; in
    scikit-learn the mean is then NaN.

    Args:
        answers: With probabilities.
        average: ``macro``, ``weighted`` by how often a label is true, or ``micro``: all pairs of
            a row and a label in one ranking.
    """
    return _rank(answers, "roc_auc", average)


def average_precision(answers: ScoredAnswers, average: Average = "macro") -> Ranked:
    """Area under the curve of precision over recall, as a sum of steps.

    A label that no row has is left out of the mean; scikit-learn counts it as 0.

    Args:
        answers: With probabilities.
        average: As of :func:`roc_auc`.
    """
    return _rank(answers, "average_precision", average)


def _rank(answers: ScoredAnswers, measure: RankMeasure, average: Average) -> Ranked:
    if answers.kind == "single" and len(answers.labels) == 2:
        return Ranked(answers.rankings.of_label(1), (), measure)
    if average == "micro":
        return Ranked(answers.rankings.pooled(), (), measure)
    return Ranked(answers.rankings, answers.labels, measure, average)
