"""Harmonic mean of precision and recall."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from dsf.metrics.label_counts import LabelCounts
from dsf.metrics.scores.of_labels import of_counts

if TYPE_CHECKING:
    from dsf.metrics.answers.answers import Answers
    from dsf.metrics.label_counts import Average
    from dsf.metrics.statistics.summed import Summed

__all__ = ["f1", "f1_macro", "f1_micro", "f1_weighted"]


def f1(answers: Answers, average: Average = "macro") -> Summed:
    """Harmonic mean of precision and recall of each label; of entities, strictly.

    Args:
        answers: Of any kind.
        average: How the labels become one number; see :mod:`dsf.metrics.label_counts`.
    """
    return of_counts(answers, LabelCounts.f1, average)


f1_micro = partial(f1, average="micro")
f1_macro = partial(f1, average="macro")
f1_weighted = partial(f1, average="weighted")
