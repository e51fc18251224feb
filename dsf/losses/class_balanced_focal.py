"""Focal loss in which rare labels count more, by their effective number of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

import torch
from torch.nn import functional

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.losses.loss import IGNORED, Loss, check_single

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

__all__ = ["ClassBalancedFocal", "class_balanced_focal", "class_balanced_weights"]


def class_balanced_weights(counts: Sequence[int], beta: float = 0.999) -> Tensor:
    """Give a weight for each label: (1 - beta) / (1 - beta^count), scaled to sum to their number.

    A label without rows counts as if it had one: it has no loss of its own, and must not make the
    others' weights vanish.

    Args:
        counts: How many rows have each label.
        beta: From 0 (all weights are 1) to below 1 (near 1: one over the count).

    Returns:
        Weights with mean 1. Shape: ``(labels,)``.

    Raises:
        DataError: If a count is below 0.

    Source: Cui et al. 2019, equation 4 and section 4, https://arxiv.org/abs/1901.05555.
    """
    problems = [
        Problem(f"label {number}", f"its count must be 0 or more, not {count}")
        for number, count in enumerate(counts)
        if count < 0
    ]
    if problems:
        raise DataError("The labels cannot be weighted.", problems)
    # float64: near beta = 1 the powers differ only in their last digits.
    amounts = torch.tensor(list(counts), dtype=torch.float64).clamp(min=1)
    weights = (1 - beta) / (1 - beta**amounts)
    return (weights * len(weights) / weights.sum()).float()


def class_balanced_focal(
    logits: Tensor, targets: Tensor, weights: Tensor, gamma: float = 2.0
) -> Tensor:
    """Give the focal loss of one question per label, each row weighted by its true label.

    Args:
        logits: Shape: ``(rows, labels)``.
        targets: Label numbers, :data:`dsf.losses.IGNORED` where there is no loss. Shape:
            ``(rows,)``.
        weights: One for each label. Shape: ``(labels,)``.
        gamma: How much easy answers are played down; 0 is binary cross-entropy.

    Returns:
        The sum over rows and labels, over the number of rows that have a target.

    Source: Cui et al. 2019, section 4.3 (sigmoid form), https://arxiv.org/abs/1901.05555; Lin et
    al. 2017, equation 4, https://arxiv.org/abs/1708.02002.
    """
    check_single(logits, targets)
    scores = logits.float()
    there = targets != IGNORED
    labels = targets.masked_fill(~there, 0)
    truth = functional.one_hot(labels, scores.shape[1]).to(scores.dtype)
    # log p of the right answer to each question, stable for large scores.
    log_right = functional.logsigmoid(torch.where(truth > 0, scores, -scores))
    # (1 - p)^gamma through the log: its gradient is finite at p = 1 for any gamma.
    wrong = functional.logsigmoid(torch.where(truth > 0, -scores, scores))
    focal = -torch.exp(gamma * wrong) * log_right
    per_row = focal.sum(dim=1) * weights[labels] * there
    return per_row.sum() / there.sum().clamp(min=1)


class ClassBalancedFocal(Loss):
    """Focal loss with :func:`class_balanced_weights`.

    Its state is the weights, so a checkpoint brings them back without the data.
    """

    kind: ClassVar[str] = "single"
    weights: Tensor

    def __init__(self, counts: Sequence[int], beta: float = 0.999, gamma: float = 2.0) -> None:
        """Make the loss.

        Args:
            counts: How many training rows have each label, in label order.
            beta: See :func:`class_balanced_weights`.
            gamma: See :func:`class_balanced_focal`.

        Raises:
            ConfigError: If ``beta`` is not from 0 to below 1, or ``gamma`` is below 0.
        """
        super().__init__()
        problems = []
        if not 0 <= beta < 1:
            problems.append(Problem("beta", f"must be from 0 to below 1, not {beta}"))
        if not gamma >= 0:
            problems.append(Problem("gamma", f"must be 0 or more, not {gamma}"))
        if problems:
            raise ConfigError("The loss cannot be made.", problems)
        self.gamma = gamma
        self.register_buffer("weights", class_balanced_weights(counts, beta))

    @classmethod
    def from_counts(cls, counts: Sequence[int], rows: int, **options: Any) -> Self:
        """Make the loss for a data set."""
        del rows
        return cls(counts, **options)

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Give the mean over the rows that have a target."""
        return class_balanced_focal(logits, targets, self.weights, self.gamma)
