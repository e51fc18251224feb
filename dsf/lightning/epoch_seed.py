"""Randomness that belongs to a batch, not to how the process got there."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch
from pytorch_lightning import Callback, LightningModule, Trainer

__all__ = ["EpochSeed", "epoch_seed"]

_SEEDS = 2**32


class EpochSeed(Callback):
    """Seeds Python, numpy and torch at the start of every training epoch and every batch in it.

    What is random in a step (dropout, augmentation) then depends on the seed, the epoch, the batch
    and the process alone. A fit that goes on after a kill, in the middle of an epoch too, draws the
    same numbers as one never stopped. A batch is seeded twice: before it is loaded, and before it
    is learned from.

    Args:
        seed: Seed of the run.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Seed the first batch; Lightning skips the epoch's own hook after a resume."""
        done: int = trainer.fit_loop.epoch_loop.batch_progress.current.processed  # type: ignore[attr-defined]
        self._seed(trainer, 2 * done)

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Seed the loading of the epoch's first batch."""
        self._seed(trainer, 0)

    def on_train_batch_start(
        self, trainer: Trainer, pl_module: LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Seed what is learned from a batch."""
        self._seed(trainer, 2 * batch_idx + 1)

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Seed the loading of the next batch."""
        self._seed(trainer, 2 * batch_idx + 2)

    def _seed(self, trainer: Trainer, draw: int) -> None:
        number = epoch_seed(self.seed, trainer.current_epoch, trainer.global_rank, draw)
        random.seed(number)
        np.random.seed(number)
        device = trainer.strategy.root_device.type
        if device not in ("cpu", "cuda"):
            torch.manual_seed(number)
            return
        # torch.manual_seed looks for every kind of device: a hundred times the cost.
        torch.default_generator.manual_seed(number)
        if device == "cuda":
            torch.cuda.manual_seed(number)


def epoch_seed(seed: int, epoch: int, rank: int, draw: int = 0) -> int:
    """Mix a seed with an epoch, a process and a place in the epoch; neighbours are unrelated.

    The multipliers are large primes, as in a multiplicative hash.
    """
    mixed = seed + 2_654_435_761 * (epoch + 1) + 2_246_822_519 * rank + 3_266_489_917 * draw
    return mixed % _SEEDS
