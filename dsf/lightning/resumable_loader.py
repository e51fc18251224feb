"""A loader that can begin in the middle of an epoch, and the state it needs for that."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from torch.utils.data import DataLoader

from dsf.core.errors import RunMismatchError
from dsf.lightning.worker_start import start_worker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytorch_lightning as pl

__all__ = ["ResumableLoader", "Skipping", "check_place", "place_in_epoch"]


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
        options["worker_init_fn"] = partial(start_worker, options.get("worker_init_fn"))
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


def place_in_epoch(trainer: pl.Trainer, plan: str) -> dict[str, Any]:
    """Give the state of a data module for a checkpoint.

    Args:
        trainer: Fits.
        plan: Hash of all that decides which rows make up which batch.

    Returns:
        ``batch``: how many batches of the epoch were learned from, 0 at its end; ``plan``.
    """
    loop = trainer.fit_loop.epoch_loop
    done = 0 if loop._num_ready_batches_reached() else loop.batch_progress.current.ready
    return {"batch": done, "plan": plan}


def check_place(state: Mapping[str, Any], plan: str) -> None:
    """Make sure that the rest of an epoch is what was left of it; the trainer knows the place.

    Args:
        state: From :func:`place_in_epoch`.
        plan: The hash as it is now.

    Raises:
        RunMismatchError: If the epoch was left in the middle, and would go on with other batches.
    """
    if state["batch"] and state["plan"] != plan:
        raise RunMismatchError(
            f"The fit stopped after batch {state['batch']} of an epoch, and can go on only with "
            "the rest of the same batches, but what decides them changed: the training rows, "
            "batch_size, max_tokens, batch_order, seed or the number of processes. Go on with "
            "what they were, or take last.ckpt away to fit again from the start."
        )
