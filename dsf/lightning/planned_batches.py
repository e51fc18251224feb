"""Planned batches in the form that torch's loader wants: a data set, and an order of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor
from torch.utils.data import Dataset, DistributedSampler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsf.data.batching import BatchPlan, TokenBatches

__all__ = ["PlannedOrder", "PlannedRows"]


class PlannedRows(Dataset[dict[str, Tensor]]):
    """Encoded rows, taken a batch at a time.

    Args:
        batches: Makes the batch of some rows.
    """

    def __init__(self, batches: TokenBatches) -> None:
        self.batches = batches

    def __len__(self) -> int:
        return len(self.batches.plan.lengths)

    def __getitem__(self, rows: Any) -> dict[str, Tensor]:
        """Make the batch of several rows, or of a single one."""
        return self.batches.collate(np.atleast_1d(rows))


class PlannedOrder(DistributedSampler[Any]):
    """Gives the row numbers of one batch after the other.

    Lightning tells it the epoch, and leaves a sampler of this kind in its place when there are
    several processes: the plan has shared the rows out already.

    Args:
        rows: The rows.
        plan: Which of them make up a batch.
        epoch: Number of the epoch to begin with.
    """

    def __init__(self, rows: PlannedRows, plan: BatchPlan, epoch: int = 0) -> None:
        super().__init__(rows, num_replicas=plan.world, rank=plan.rank, shuffle=False)
        self.set_epoch(epoch)
        self._plan = plan
        self._start = 0
        self._planned: tuple[int, list[np.ndarray]] | None = None

    def __iter__(self) -> Iterator[np.ndarray]:
        return iter(self._batches()[self._start :])

    def __len__(self) -> int:
        """Number of batches of the epoch, those that are passed over included."""
        return len(self._batches())

    def skip(self, batches: int) -> None:
        """Let the next iterator begin after so many batches."""
        self._start = batches

    def _batches(self) -> list[np.ndarray]:
        if self._planned is None or self._planned[0] != self.epoch:
            self._planned = (self.epoch, self._plan.batches(self.epoch))
        return self._planned[1]
