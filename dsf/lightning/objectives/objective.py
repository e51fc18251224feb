"""The contract between a Lightning module and what its model learns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Objective"]


class Objective(nn.Module, ABC):
    """How batches are read, what their loss is, and what is said of an epoch.

    ``PlModel`` calls, for every batch, :meth:`read`, the network, :meth:`loss` and :meth:`keep`;
    at the end of an epoch :meth:`score` with all that was kept, of all processes; in a test also
    :meth:`answer`. What a checkpoint must bring back (weights of labels, thresholds) is a buffer
    or extra state.

    You must write: :meth:`read`, :meth:`loss`, :meth:`keep`, :meth:`nothing`, :meth:`score`,
    :meth:`answer`. You may write: :meth:`size`.
    Imitate :class:`dsf.lightning.objectives.LabelObjective`.
    """

    @abstractmethod
    def read(self, batch: Any) -> tuple[tuple[Any, ...], Any]:
        """Part a batch into the inputs of the network and the targets."""

    @abstractmethod
    def loss(self, logits: Any, targets: Any) -> Tensor:
        """Compute the loss of a batch, a mean over what :meth:`size` counts. Shape: ``()``.

        Args:
            logits: What the network gave.
            targets: What :meth:`read` gave.
        """

    def size(self, targets: Any) -> int:
        """Count what the loss is a mean over: the rows of the batch."""
        return len(targets)

    @abstractmethod
    def keep(self, phase: str, batch: Any, logits: Any, targets: Any) -> dict[str, Tensor]:
        """Give what :meth:`score` needs of a batch: few numbers, as they stay on the device.

        Args:
            phase: ``train``, ``val`` or ``test``.
            batch: The batch.
            logits: What the network gave, without gradient.
            targets: What :meth:`read` gave.
        """

    @abstractmethod
    def nothing(self, phase: str) -> dict[str, Tensor]:
        """Give what :meth:`keep` would of no rows; a process may have had no batch."""

    @abstractmethod
    def score(self, phase: str, kept: Mapping[str, Tensor]) -> dict[str, float]:
        """Give the numbers of an epoch by name.

        Args:
            phase: ``train``, ``val`` or ``test``.
            kept: What :meth:`keep` gave, of all batches together, on the CPU.
        """

    @abstractmethod
    def answer(self, logits: Any) -> Any:
        """Turn what the network gave into probabilities, a tensor or a dict of tensors."""
