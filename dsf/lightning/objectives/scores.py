"""Numbers of an epoch, by the same definitions as the numbers of a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from dsf.metrics import LabelCounts
from dsf.metrics.metric_faults import is_wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.metrics.label_counts import Average

__all__ = ["count_answers", "pick_scores"]

_NAMES = ("precision", "recall", "f1")


def count_answers(answers: Tensor, targets: Tensor, labels: int) -> LabelCounts:
    """Count hits, truth and answers of rows with one label each.

    Args:
        answers: Numbers of the answered labels. Shape: ``(rows,)``.
        targets: Numbers of the true labels. Shape: ``(rows,)``.
        labels: How many labels there are.
    """
    hits, true, answered = (
        torch.bincount(numbers.long(), minlength=labels).numpy()
        for numbers in (targets[answers == targets], targets, answers)
    )
    return LabelCounts(hits, true, answered)


def pick_scores(
    metrics_config: Mapping[str, bool], accuracy: float, counts: LabelCounts, average: Average
) -> dict[str, float]:
    """Give the numbers that are wanted.

    Args:
        metrics_config: Metric → whether it is wanted.
        accuracy: Share of the rows that are answered right.
        counts: Of the labels.
        average: How precision, recall and F1 of the labels become one number.
    """
    scores = {"accuracy": accuracy} if is_wanted(metrics_config.get("accuracy")) else {}
    for name in _NAMES:
        if is_wanted(metrics_config.get(name)):
            value = getattr(counts, name)(average)
            scores[name] = float(value)
    return scores
