"""A loader of planned batches that can begin in the middle of an epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, DistributedSampler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dsf.data.batching import BatchPlan, TokenBatches

__all__ = ["PlannedLoader"]


class PlannedLoader(DataLoader[Any]):
    """Gives the batches of a plan, in its order, whatever the number of workers.

    Nothing is loaded before the first batch is asked for. Lightning makes an iterator before it
    restores a fit, and another for every epoch: none of them starts workers in vain, and each
    begins where the fit is by then.

    Args:
        batches: Makes the batch of some rows.
        plan: Which rows make up a batch. Lightning tells the epoch to :attr:`sampler`.
        epoch: Number of the epoch to begin with.
        count_done: Gives how many batches of the epoch are done when the first one is asked for;
            they are passed over. ``None`` for none.
        options: Further arguments of ``DataLoader``.
    """

    def __init__(
        self,
        batches: TokenBatches,
        plan: BatchPlan,
        *,
        epoch: int = 0,
        count_done: Callable[[], int] | None = None,
        **options: Any,
    ) -> None:
        rows = _Rows(batches)
        self._order = _PlannedOrder(rows, plan)
        self._order.set_epoch(epoch)
        self._count_done = count_done
        super().__init__(rows, sampler=self._order, batch_size=None, **options)

    def __iter__(self) -> Any:
        """Give the batches that are left of the epoch."""
        self._order.start = self._count_done() if self._count_done is not None else 0
        yield from super().__iter__()


class _Rows(Dataset[dict[str, Tensor]]):
    """Encoded rows, taken a batch at a time."""

    def __init__(self, batches: TokenBatches) -> None:
        self._batches = batches

    def __len__(self) -> int:
        return len(self._batches.encoded.offsets) - 1

    def __getitem__(self, rows: Any) -> dict[str, Tensor]:
        """Make the batch of several rows, or of a single one."""
        return self._batches.collate(np.atleast_1d(rows))


class _PlannedOrder(DistributedSampler[Any]):
    """Gives the rows of one batch after the other; Lightning leaves this kind in its place."""

    def __init__(self, rows: _Rows, plan: BatchPlan) -> None:
        super().__init__(rows, num_replicas=plan.world, rank=plan.rank, shuffle=False)
        self.start = 0
        self._plan = plan
        self._planned: tuple[int, list[np.ndarray]] | None = None

    def __iter__(self) -> Iterator[np.ndarray]:
        return iter(self._batches()[self.start :])

    def __len__(self) -> int:
        """Number of batches of the epoch, those that are passed over included."""
        return len(self._batches())

    def _batches(self) -> list[np.ndarray]:
        if self._planned is None or self._planned[0] != self.epoch:
            self._planned = (self.epoch, self._plan.batches(self.epoch))
        return self._planned[1]
