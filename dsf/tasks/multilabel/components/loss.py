"""The loss, made from the labels of all training rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.losses import InverseFrequencyBCE

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["bceloss_inverse_frequency_weighted"]


def bceloss_inverse_frequency_weighted(labels: Tensor) -> InverseFrequencyBCE:
    """Make a binary cross-entropy in which the 1s of a rare label count more.

    Args:
        labels: 0 or 1 for every label of all training rows: weights that change with the batch
            would make the losses of two batches incomparable. Shape: ``(rows, labels)``.
    """
    counts = (labels > 0).sum(dim=0)
    return InverseFrequencyBCE.from_counts(counts.tolist(), len(labels))
