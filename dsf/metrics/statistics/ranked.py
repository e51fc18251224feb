"""Statistics of the order of the scores: ROC-AUC and average precision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from dsf.metrics.label_counts import divide
from dsf.metrics.statistics.number import HEADLINE, Number
from dsf.metrics.statistics.statistic import Statistic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dsf.metrics.label_counts import Average
    from dsf.metrics.statistics.draws import Draws
    from dsf.metrics.statistics.rankings import Rankings

__all__ = ["RankMeasure", "Ranked"]

RankMeasure: TypeAlias = Literal["roc_auc", "average_precision"]

_NEEDS = {
    "roc_auc": "needs rows with the label and rows without it, but there are {positives} with it "
    "and {negatives} without",
    "average_precision": "needs rows with the label, but there is none",
}


class Ranked(Statistic):
    """One measure of the order of the scores, of all labels and of each.

    The headline is the mean over the labels that have the measure.

    Args:
        rankings: The rows, ranked for each label.
        labels: The labels in the order of the rankings; none: the one ranking is all there is.
        measure: ``roc_auc`` or ``average_precision``.
        average: ``macro``: every label counts the same. ``weighted``: by how often it is true.
    """

    def __init__(
        self,
        rankings: Rankings,
        labels: Sequence[Any],
        measure: RankMeasure,
        average: Average = "macro",
    ) -> None:
        self.rankings = rankings
        self.labels = tuple(labels)
        self.measure_name: RankMeasure = measure
        self.average = average
        self.rows = rankings.rows
        self.numbers = (HEADLINE, *(Number(label) for label in self.labels))
        self.undefined = self._missing()

    def values(self, draws: Draws) -> NDArray[np.float64]:
        """Score the order of each label, then average. Shape: ``(draws, numbers)``."""
        scores = self.rankings.scores(draws)[self.measure_name]
        if not self.labels:
            return scores
        counts = np.ones_like(scores)
        if self.average == "weighted":
            counts = np.asarray(draws.weights @ self.rankings.truth, dtype=np.float64)
        counts = np.where(np.isnan(scores), 0.0, counts)
        total = counts.sum(axis=1)
        mean = divide((np.nan_to_num(scores) * counts).sum(axis=1), total)
        mean[total == 0] = np.nan
        return np.column_stack([mean, scores])

    def take(self, rows: NDArray[np.intp]) -> Ranked:
        """Give the same statistic of some of the rows."""
        return self._of(self.rankings.take(rows))

    def stack(self, other: Statistic) -> Ranked:
        """Give the same statistic of these rows and those of another model, ranked apart."""
        assert isinstance(other, Ranked)
        return self._of(self.rankings.stack(other.rankings))

    def _of(self, rankings: Rankings) -> Ranked:
        return Ranked(rankings, self.labels, self.measure_name, self.average)

    def _missing(self) -> dict[Number, str]:
        """Say why labels do not have the measure, and so the headline if none has."""
        positives, negatives = self.rankings.positives, self.rankings.negatives
        lacks = positives == 0
        if self.measure_name == "roc_auc":
            lacks |= negatives == 0
        reasons = {
            number: _NEEDS[self.measure_name].format(positives=positives[n], negatives=negatives[n])
            for n, number in enumerate(self.numbers[1:] or self.numbers)
            if lacks[n]
        }
        if self.labels and lacks.all():
            reasons[HEADLINE] = (
                "no label has it: each " + _NEEDS[self.measure_name].partition(",")[0]
            )
        return reasons
