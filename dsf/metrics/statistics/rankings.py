"""The rows ranked for each label, scored together."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.metrics.statistics.fast_rankings import FastRankings
from dsf.metrics.statistics.kernels import is_worth_compiling
from dsf.metrics.statistics.ranking import Ranking, RankScores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.metrics.statistics.draws import Draws

__all__ = ["Rankings"]


class Rankings:
    """Rows in the order of their scores, for each label.

    Args:
        truth: Whether a row has a label. Shape: ``(rows, labels)``.
        scores: Higher is more likely. Shape: ``(rows, labels)``.
        in_one: Whether all labels are ranked together: every pair of a row and a label is one
            entry of a single ranking.
    """

    def __init__(
        self, truth: NDArray[np.bool_], scores: NDArray[Any], *, in_one: bool = False
    ) -> None:
        self.truth = truth
        self.by_score = np.asarray(scores, dtype=np.float64)
        self.in_one = in_one
        self._others: dict[Any, Rankings] = {}
        self._stacked: tuple[Rankings, Rankings] | None = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.truth)

    @property
    def positives(self) -> NDArray[np.intp]:
        """How many entries of each ranking have the label. Shape: ``(rankings,)``."""
        return np.asarray(self._entries(self.truth).sum(axis=0))

    @property
    def negatives(self) -> NDArray[np.intp]:
        """How many do not. Shape: ``(rankings,)``."""
        return np.asarray((~self._entries(self.truth)).sum(axis=0))

    def of_label(self, label: int) -> Rankings:
        """Give the ranking of one label, by its number."""
        if label not in self._others:
            columns = slice(label, label + 1)
            self._others[label] = Rankings(self.truth[:, columns], self.by_score[:, columns])
        return self._others[label]

    def pooled(self) -> Rankings:
        """Give all labels in one ranking."""
        if None not in self._others:
            self._others[None] = Rankings(self.truth, self.by_score, in_one=True)
        return self._others[None]

    def scores(self, draws: Draws) -> dict[str, NDArray[np.float64]]:
        """Score the order of the rows in each sample.

        Returns:
            ``roc_auc`` and ``average_precision``. Shape: ``(draws, rankings)`` each.
        """
        return draws.once(self, lambda: self._score(draws))

    def take(self, rows: NDArray[np.intp]) -> Rankings:
        """Give the rankings of some of the rows."""
        return Rankings(self.truth[rows], self.by_score[rows], in_one=self.in_one)

    def stack(self, other: Rankings) -> Rankings:
        """Give the rankings of these rows followed by those of another model.

        Scores of two models have no common scale, their ranks among their own rows do: a row's
        answers can change places between the models without a change of the measures.

        Source: Bandos, Rockette and Gur 2005, "A permutation test sensitive to differences in
        areas for comparing ROC curves from a paired design", https://doi.org/10.1002/sim.2149.
        """
        if self._stacked is None or self._stacked[0] is not other:
            truth = np.concatenate([self.truth, other.truth])
            ranks = np.concatenate([self._ranks(), other._ranks()])
            self._stacked = (other, Rankings(truth, ranks, in_one=self.in_one))
        return self._stacked[1]

    @cached_property
    def each(self) -> list[Ranking]:
        """The ranking of each label, or the one of all."""
        truth, scores = self._entries(self.truth), self._entries(self.by_score)
        return [Ranking(truth[:, n], scores[:, n]) for n in range(truth.shape[1])]

    @cached_property
    def _fast(self) -> FastRankings:
        repeats = self.truth.shape[1] if self.in_one else 1
        return FastRankings(self._entries(self.truth), self._entries(self.by_score), repeats)

    def _entries(self, values: NDArray[Any]) -> NDArray[Any]:
        return values.reshape(-1, 1) if self.in_one else values

    def _ranks(self) -> NDArray[np.float64]:
        from scipy.stats import rankdata  # takes a second to load

        ranks = rankdata(self.by_score, axis=None if self.in_one else 0)
        return np.asarray(ranks, dtype=np.float64).reshape(self.by_score.shape)

    def _score(self, draws: Draws) -> dict[str, NDArray[np.float64]]:
        found = None
        if is_worth_compiling(len(draws) * self.truth.size):
            found = self._fast.score(draws)
        if found is None:
            found = self._score_in_numpy(draws)
        return {name: found[:, :, place].T for place, name in enumerate(RankScores._fields)}

    def _score_in_numpy(self, draws: Draws) -> NDArray[np.float64]:
        """Give both scores. Shape: ``(rankings, draws, 2)``."""
        repeats = self.truth.shape[1] if self.in_one else 1
        found = np.empty((len(self.each), len(draws), 2))
        for draw in range(len(draws)):
            weights = draws.count(draw).astype(np.float64, copy=False)
            entries = np.repeat(weights, repeats) if repeats > 1 else weights
            for place, ranking in enumerate(self.each):
                found[place, draw] = ranking.scores(entries)
        return found
