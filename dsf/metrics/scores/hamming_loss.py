"""Share of the single decisions about labels that are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.metrics.label_counts import divide
from dsf.metrics.scores.of_labels import of_labels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.metrics.answers.answers import Answers
    from dsf.metrics.answers.label_sums import LabelSums
    from dsf.metrics.statistics.summed import Summed

__all__ = ["hamming_loss"]


def hamming_loss(answers: Answers) -> Summed:
    """Share of all pairs of a row and a label in which the answer differs from the truth.

    Args:
        answers: Of several labels a row.
    """
    return of_labels(answers, lambda sums: _wrong(sums).mean(axis=1), _wrong)


def _wrong(sums: LabelSums) -> NDArray:  # type: ignore[type-arg]
    counts = sums.counts
    return divide(counts.true + counts.answered - 2 * counts.hits, sums.units[:, None])
