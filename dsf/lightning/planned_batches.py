"""Planned batches in the form that torch's loader wants: a data set, and an order of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import Tensor
from torch.utils.data import Dataset, DistributedSampler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsf.data.batching import TokenBatches

__all__ = ["PlannedBatches", "PlannedOrder"]


class PlannedBatches(Dataset[dict[str, Tensor]]):
    """The batches of an epoch by their numbers.

    Args:
        batches: Makes them; its epoch is the one whose batches are given.
    """

    def __init__(self, batches: TokenBatches) -> None:
        self.batches = batches

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, number: int) -> dict[str, Tensor]:
        """Make a batch."""
        return self.batches.batch(number)


class PlannedOrder(DistributedSampler[Any]):
    """Gives the numbers of one batch after the other, from the first that is left.

    Lightning tells it the epoch, and leaves a sampler of this kind in its place when there are
    several processes: the plan has shared the rows out already.

    Args:
        planned: The batches; their epoch follows the one that is set here.
        epoch: Number of the epoch to begin with.
    """

    def __init__(self, planned: PlannedBatches, epoch: int = 0) -> None:
        super().__init__(planned, num_replicas=1, rank=0, shuffle=False)
        self._planned, self._start = planned, 0
        self.set_epoch(epoch)

    def __iter__(self) -> Iterator[int]:
        return iter(range(self._start, len(self._planned)))

    def __len__(self) -> int:
        """Number of batches of the epoch, those that are passed over included."""
        return len(self._planned)

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch."""
        super().set_epoch(epoch)
        self._planned.batches.set_epoch(epoch)

    def skip(self, batches: int) -> None:
        """Let the next iterator begin after so many batches."""
        self._start = batches
