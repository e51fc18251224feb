"""What every loss is: logits and targets in, one number out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self

from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["IGNORED", "Loss", "check_multilabel", "check_single"]

IGNORED = -100
"""Target of a row or token that has no loss, such as a special token. Only for ``"single"``."""


class Loss(nn.Module, ABC):
    """One number that says how wrong the logits are.

    You must write: :meth:`forward`. You must set: ``kind``.
    You may write: :meth:`from_counts`, if the loss needs to know how often each label occurs.
    Imitate :class:`dsf.losses.CrossEntropy`, test yours with ``dsf.testing.LossCase``, and name it
    in the config: ``loss: trainer.losses:MyLoss``.

    Attributes:
        kind: What the targets are. ``"single"``: the number of the one true label, int64 of
            Shape: ``(rows,)``, where :data:`IGNORED` has no loss. ``"multilabel"``: 0 or 1 for
            every label, of Shape: ``(rows, labels)``.
    """

    kind: ClassVar[str]

    @classmethod
    def from_counts(cls, counts: Sequence[int], rows: int, **options: Any) -> Self:
        """Make the loss for a data set.

        Args:
            counts: How many training rows (tokens, when tagging) have each label, in label order.
            rows: How many training rows (tokens) there are.
            **options: What the constructor takes besides.
        """
        del counts, rows
        return cls(**options)

    @abstractmethod
    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Give the loss, averaged over the rows.

        Args:
            logits: Scores before softmax or sigmoid. Shape: ``(rows, labels)``.
            targets: See ``kind``.

        Returns:
            A scalar; 0 with a gradient of 0 when no row has a loss.

        Raises:
            ValueError: If the shapes do not fit each other.
        """


def check_single(logits: Tensor, targets: Tensor) -> None:
    """Refuse logits and targets of which each row does not have one label number.

    Args:
        logits: Shape: ``(rows, labels)``.
        targets: Whole numbers. Shape: ``(rows,)``.

    Raises:
        ValueError: If the shapes or the type of the targets do not fit.
    """
    fits = logits.ndim == 2 and targets.shape == logits.shape[:1]
    if not fits or targets.is_floating_point():
        raise ValueError(
            "logits (rows, labels) need whole-number targets (rows,), but got "
            f"{tuple(logits.shape)} and {targets.dtype} {tuple(targets.shape)}"
        )


def check_multilabel(logits: Tensor, targets: Tensor) -> None:
    """Refuse logits and targets of which each row does not have a 0 or 1 for each label.

    Args:
        logits: Shape: ``(rows, labels)``.
        targets: Shape: ``(rows, labels)``.

    Raises:
        ValueError: If the shapes differ; broadcasting would hide the mistake.
    """
    if logits.ndim != 2 or targets.shape != logits.shape:
        raise ValueError(
            "logits and targets must both be (rows, labels), but got "
            f"{tuple(logits.shape)} and {tuple(targets.shape)}"
        )
