"""Randomness that belongs to an epoch, not to how the process got there."""

from __future__ import annotations

from pytorch_lightning import Callback, LightningModule, Trainer

from dsf.core.seeding import seed_process

__all__ = ["EpochSeed", "epoch_seed"]

_SEEDS = 2**32


class EpochSeed(Callback):
    """Seeds Python, numpy and torch at the start of every training epoch.

    What is random in an epoch (dropout, augmentation) then depends on the seed, the epoch and the
    process alone. A fit that goes on after a kill draws the same numbers as one never stopped.

    Args:
        seed: Seed of the run.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Seed the first epoch; Lightning skips the epoch's own hook after a resume."""
        self._seed(trainer)

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Seed the epoch."""
        self._seed(trainer)

    def _seed(self, trainer: Trainer) -> None:
        seed_process(epoch_seed(self.seed, trainer.current_epoch, trainer.global_rank))


def epoch_seed(seed: int, epoch: int, rank: int) -> int:
    """Mix a seed with an epoch and a process number; neighbours get unrelated seeds.

    The multipliers are large primes, as in a multiplicative hash.
    """
    return (seed + 2_654_435_761 * (epoch + 1) + 2_246_822_519 * rank) % _SEEDS
