"""The rows of one label in the order of their scores: what ROC-AUC and average precision need."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["RankScores", "Ranking"]


class RankScores(NamedTuple):
    """What the order of the rows is worth.

    Attributes:
        roc_auc: Chance that a row with the label has a higher score than one without; a tie
            counts half. NaN without rows of both.
        average_precision: Precision at each row with the label, averaged over them. NaN without
            such a row.
    """

    roc_auc: float
    average_precision: float


class Ranking:
    """Rows of one label in the order of their scores; how often each counts may change.

    All that matters of a row without the label is where it lies among the distinct scores of the
    rows with it. So every row has a bin, and a sample needs no sorting: its rows are counted in
    their bins, and summed up from the highest score to the lowest.

    Source: Hanley and McNeil 1982, https://doi.org/10.1148/radiology.143.1.7063747, for the area
    as a probability; average precision is the sum of the precisions, weighted by the steps in
    recall, as in scikit-learn.

    Args:
        truth: Whether a row has the label. Shape: ``(rows,)``.
        scores: Higher is more likely. Shape: ``(rows,)``.

    Attributes:
        levels: How many distinct scores the rows with the label have.
        tied: Whether a row without the label has one of them.
        bins: Bin of each row. Those of the rows without the label come first: one above each
            level and one below all of them; then, if there are ties, one at each level; then, one
            at each level, those of the rows with the label. Shape: ``(rows,)``.
    """

    def __init__(self, truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> None:
        falling = -scores
        distinct = np.unique(falling[truth])
        self.levels = len(distinct)
        level = np.searchsorted(distinct, falling, side="left")
        ties = ~truth & np.isin(falling, distinct)
        self.tied = bool(ties.any())
        places = np.where(ties, self.levels + 1 + level, level)
        of_truth = self.levels + 1 + (self.levels if self.tied else 0)
        self.bins = np.where(truth, of_truth + level, places)

    @property
    def size(self) -> int:
        """How many bins there are."""
        return (3 if self.tied else 2) * self.levels + 1

    def scores(self, weights: NDArray[np.float64]) -> RankScores:
        """Score the order.

        Args:
            weights: How often each row counts. Shape: ``(rows,)``.
        """
        counts = np.bincount(self.bins, weights, minlength=self.size)
        return self.score_bins(np.asarray(counts, dtype=np.float64))

    def score_bins(self, counts: NDArray[np.float64]) -> RankScores:
        """Score the order of rows that are counted in their bins.

        Args:
            counts: Shape: ``(size,)``.
        """
        steps = counts[-self.levels :] if self.levels else counts[:0]
        ahead, found = np.cumsum(counts[: self.levels]), np.cumsum(steps)
        positives = float(found[-1]) if self.levels else 0.0
        if not positives:
            return RankScores(np.nan, np.nan)
        negatives = float(counts.sum()) - positives
        if self.tied:  # half of those at the level are ahead, and all are answered with it
            ties = counts[self.levels + 1 : 2 * self.levels + 1]
            through = ahead + np.cumsum(ties)
            passed = through - ties / 2
        else:
            through = passed = ahead
        area = 1 - _dot(steps, passed) / (positives * negatives) if negatives else np.nan
        first = int(np.searchsorted(found, 0.0, side="right"))  # before it, nothing is answered
        answered = found[first:] + through[first:]
        precision = np.divide(found[first:], answered, out=answered)
        return RankScores(area, _dot(steps[first:], precision) / positives)


def _dot(left: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    """Sum the products; unlike ``np.dot`` in one thread, whatever the machine."""
    return float(np.einsum("i,i->", left, right))
