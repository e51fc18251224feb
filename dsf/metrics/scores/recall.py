"""Share of the occurrences of a label that are found."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from dsf.metrics.label_counts import LabelCounts
from dsf.metrics.scores.of_labels import of_counts

if TYPE_CHECKING:
    from dsf.metrics.answers.answers import Answers
    from dsf.metrics.label_counts import Average
    from dsf.metrics.statistics.summed import Summed

__all__ = ["recall", "recall_macro", "recall_micro", "recall_weighted"]


def recall(answers: Answers, average: Average = "macro") -> Summed:
    """Share of the occurrences of a label that are found; of entities, strictly.

    Args:
        answers: Of any kind.
        average: How the labels become one number; see :mod:`dsf.metrics.label_counts`.
    """
    return of_counts(answers, LabelCounts.recall, average)


recall_micro = partial(recall, average="micro")
recall_macro = partial(recall, average="macro")
recall_weighted = partial(recall, average="weighted")
