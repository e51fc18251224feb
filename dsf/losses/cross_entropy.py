"""Cross-entropy, with or without smoothed labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from torch.nn import functional

from dsf.core.errors import ConfigError, Problem
from dsf.losses.loss import IGNORED, Loss, check_single

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["CrossEntropy", "cross_entropy"]


def cross_entropy(logits: Tensor, targets: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """Give the mean of minus the log-probability of the true label.

    Unlike torch's mean it is 0, not NaN, when every target is ignored: a batch of tokens may have
    no tagged one.

    Args:
        logits: Shape: ``(rows, labels)``.
        targets: Label numbers, :data:`dsf.losses.IGNORED` where there is no loss. Shape:
            ``(rows,)``.
        label_smoothing: Share of the target that is spread evenly over all labels, 0 to below 1.

    Source: label smoothing as in Szegedy et al. 2016, section 7, https://arxiv.org/abs/1512.00567.
    """
    check_single(logits, targets)
    # float32: a sum over many rows in 16 bits loses its last digits.
    total = functional.cross_entropy(
        logits.float(),
        targets,
        ignore_index=IGNORED,
        reduction="sum",
        label_smoothing=label_smoothing,
    )
    return total / (targets != IGNORED).sum().clamp(min=1)


class CrossEntropy(Loss):
    """Minus the log-probability of the one true label; see :func:`cross_entropy`."""

    kind: ClassVar[str] = "single"

    def __init__(self, label_smoothing: float = 0.0) -> None:
        """Make the loss.

        Args:
            label_smoothing: Share of the target that is spread evenly over all labels.

        Raises:
            ConfigError: If the share is not from 0 to below 1.
        """
        super().__init__()
        if not 0 <= label_smoothing < 1:
            problem = Problem(
                "label_smoothing", f"must be from 0 to below 1, not {label_smoothing}"
            )
            raise ConfigError("The loss cannot be made.", [problem])
        self.label_smoothing = label_smoothing

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Give the mean over the rows that have a target."""
        return cross_entropy(logits, targets, self.label_smoothing)
