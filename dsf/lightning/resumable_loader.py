"""A loader that can begin in the middle of an epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from torch.utils.data import DataLoader

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytorch_lightning as pl

__all__ = ["ResumableLoader", "Skipping"]


@runtime_checkable
class Skipping(Protocol):
    """A sampler that can pass over what is done of an epoch."""

    def skip(self, batches: int) -> None:
        """Let the next iterator begin after so many batches."""


class ResumableLoader(DataLoader[Any]):
    """Begins an epoch where the fit is in it, not where a worker has run ahead to.

    Nothing is loaded before the first batch is asked for. Lightning makes an iterator before it
    restores a fit, and may make another for every epoch: none of them starts workers in vain, and
    each begins where the fit is by then.

    Args:
        arguments: Arguments of ``DataLoader``; its sampler must be a :class:`Skipping` one.
        trainer: Knows how many batches of the epoch were learned from. ``None``: every iterator
            begins with the first batch.
        options: Further arguments of ``DataLoader``.
    """

    def __init__(self, *arguments: Any, trainer: pl.Trainer | None = None, **options: Any) -> None:
        self.trainer = trainer
        super().__init__(*arguments, **options)

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]  # torch asks for more than we do
        """Give the batches that are left of the epoch."""
        if isinstance(self.sampler, Skipping):
            self.sampler.skip(self._count_done())
        yield from super().__iter__()

    def _count_done(self) -> int:
        if self.trainer is None or not self.trainer.training:
            return 0
        done: int = self.trainer.fit_loop.epoch_loop.batch_progress.current.ready
        return done
