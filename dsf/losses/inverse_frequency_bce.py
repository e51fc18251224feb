"""Binary cross-entropy in which the 1s of a rare label count more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

import torch

from dsf.core.errors import DataError, Problem
from dsf.losses.binary_cross_entropy import binary_cross_entropy
from dsf.losses.loss import Loss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

__all__ = ["InverseFrequencyBCE", "inverse_frequency_weights"]


def inverse_frequency_weights(counts: Sequence[int], rows: int) -> Tensor:
    """Give the weight of the 1s of each label: (rows + 1) / (count + 1).

    Count over the whole training part, not over a batch: weights that change with the batch make
    the losses of two batches incomparable.

    Args:
        counts: How many rows have each label.
        rows: How many rows there are.

    Returns:
        Weights. Shape: ``(labels,)``.

    Raises:
        DataError: If a count is below 0 or above the number of rows.

    Examples:
        Of the rows ``[1, 1, 0], [0, 1, 1], [1, 1, 0], [0, 0, 1]``, 2, 3 and 2 have the labels:

        >>> [round(weight, 4) for weight in inverse_frequency_weights([2, 3, 2], 4).tolist()]
        [1.6667, 1.25, 1.6667]

    Source: the loss of tmlc, the system whose YAML the multi-label task reads. But for the added
    1s, which keep a label without rows from an infinite weight, this is one more than the rows
    without the label over those with it: what torch.nn.BCEWithLogitsLoss advises for
    ``pos_weight``, and ``class_weight="balanced"`` of scikit-learn comes to.
    """
    problems = [
        Problem(f"label {number}", f"its count must be from 0 to the {rows} rows, not {count}")
        for number, count in enumerate(counts)
        if not 0 <= count <= rows
    ]
    if problems:
        raise DataError("The labels cannot be weighted.", problems)
    return (rows + 1) / (torch.tensor(list(counts), dtype=torch.float32) + 1)


class InverseFrequencyBCE(Loss):
    """Binary cross-entropy with :func:`inverse_frequency_weights` on the 1s.

    Its state is the weights, so a checkpoint brings them back without the data.
    """

    kind: ClassVar[str] = "multilabel"
    positive_weights: Tensor

    def __init__(self, counts: Sequence[int], rows: int) -> None:
        """Make the loss.

        Args:
            counts: How many training rows have each label, in label order.
            rows: How many training rows there are.
        """
        super().__init__()
        self.register_buffer("positive_weights", inverse_frequency_weights(counts, rows))

    @classmethod
    def from_counts(cls, counts: Sequence[int], rows: int, **options: Any) -> Self:
        """Make the loss for a data set."""
        return cls(counts, rows, **options)

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Give the mean over rows and labels."""
        return binary_cross_entropy(logits, targets, self.positive_weights)
