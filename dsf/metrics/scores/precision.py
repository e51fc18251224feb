"""Share of the answers of a label that are right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from dsf.metrics.label_counts import LabelCounts
from dsf.metrics.scores.of_labels import of_counts

if TYPE_CHECKING:
    from dsf.metrics.answers.answers import Answers
    from dsf.metrics.label_counts import Average
    from dsf.metrics.statistics.summed import Summed

__all__ = ["precision", "precision_macro", "precision_micro", "precision_weighted"]


def precision(answers: Answers, average: Average = "macro") -> Summed:
    """Share of the answers of a label that are right; of entities, strictly.

    Args:
        answers: Of any kind.
        average: How the labels become one number; see :mod:`dsf.metrics.label_counts`.
    """
    return of_counts(answers, LabelCounts.precision, average)


precision_micro = partial(precision, average="micro")
precision_macro = partial(precision, average="macro")
precision_weighted = partial(precision, average="weighted")
