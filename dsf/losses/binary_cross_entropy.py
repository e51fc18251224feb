"""Binary cross-entropy: every label is a question of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from torch.nn import functional

from dsf.losses.loss import Loss, check_multilabel

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["BinaryCrossEntropy", "binary_cross_entropy"]


def binary_cross_entropy(
    logits: Tensor, targets: Tensor, positive_weights: Tensor | None = None
) -> Tensor:
    """Give the mean, over rows and labels, of minus the log-probability of the true answer.

    Args:
        logits: Shape: ``(rows, labels)``.
        targets: 0 or 1. Shape: ``(rows, labels)``.
        positive_weights: How much more a 1 counts than a 0. Shape: ``(labels,)``.

    Source: torch.nn.BCEWithLogitsLoss, whose ``pos_weight`` is ``positive_weights``.
    """
    check_multilabel(logits, targets)
    total = functional.binary_cross_entropy_with_logits(
        logits.float(), targets.float(), pos_weight=positive_weights, reduction="sum"
    )
    return total / max(1, targets.numel())


class BinaryCrossEntropy(Loss):
    """The same weight for every label and answer; see :func:`binary_cross_entropy`."""

    kind: ClassVar[str] = "multilabel"

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Give the mean over rows and labels."""
        return binary_cross_entropy(logits, targets)
