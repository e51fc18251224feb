"""The best and the last state of a fit, under names that never change.

``best.ckpt`` is the model to test. ``last.ckpt`` is what a killed fit goes on from. Both are
written at the end of an epoch, the last one after the best one, so that it knows of it. Both know
the history with that epoch. The last one may be written within an epoch too.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pytorch_lightning.callbacks import ModelCheckpoint

from dsf.core.errors import ConfigError, Problem
from dsf.lightning.finite_loss import FiniteLoss
from dsf.lightning.history import History

if TYPE_CHECKING:
    from pytorch_lightning import LightningModule, Trainer

__all__ = ["CHECKPOINTS_FOLDER", "BestCheckpoint", "LastCheckpoint"]

CHECKPOINTS_FOLDER = "checkpoints"


class _NamedCheckpoint(ModelCheckpoint):
    """A checkpoint that overwrites itself, and survives when its folder is moved."""

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Save, but let the history have the epoch first: Lightning may call it later."""
        for callback in trainer.callbacks:  # type: ignore[attr-defined]
            if isinstance(callback, History):
                callback.add_epoch(trainer)
        super().on_train_epoch_end(trainer, pl_module)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the state; paths in a folder that has been moved since are put right."""
        old, new = str(state_dict["dirpath"]), str(self.dirpath)
        super().load_state_dict(_replace_prefix(state_dict, old, new))


class BestCheckpoint(_NamedCheckpoint):
    """Keeps ``checkpoints/best.ckpt``, the model with the best monitored number so far.

    Args:
        monitor: A logged number.
        mode: ``min`` if smaller is better, ``max`` if larger is.
    """

    def __init__(self, monitor: str = "val_loss", mode: Literal["min", "max"] = "min") -> None:
        super().__init__(
            filename="best",
            monitor=monitor,
            mode=mode,
            save_top_k=1,
            save_on_train_epoch_end=True,
            enable_version_counter=False,
        )


class LastCheckpoint(_NamedCheckpoint):
    """Keeps ``checkpoints/last.ckpt``, from which a killed fit goes on.

    Args:
        every_n_train_steps: After how many optimizer steps it is written within an epoch; at its
            end it always is. ``None`` for only then. A step is passed over where a checkpoint would
            not be the whole truth: while gradients gather, where validation follows, and in an
            epoch that has seen a loss that is no number.
    """

    def __init__(self, every_n_train_steps: int | None = None) -> None:
        if every_n_train_steps is not None and every_n_train_steps < 1:
            message = f"must be at least 1, or null for never, but is {every_n_train_steps}."
            problem = Problem("LastCheckpoint.every_n_train_steps", message)
            raise ConfigError("The last checkpoint cannot be kept.", [problem])
        # Lightning's own option of this name would leave out the end of the epoch.
        super().__init__(
            filename="last",
            monitor=None,
            save_top_k=1,
            save_on_train_epoch_end=True,
            enable_version_counter=False,
        )
        self.pace = every_n_train_steps

    def setup(self, trainer: Trainer, pl_module: LightningModule, stage: str) -> None:
        """Clear away what an attempt left that was killed before its first epoch ended."""
        super().setup(trainer, pl_module, stage)
        folder = Path(str(self.dirpath))
        fresh = stage == "fit" and not (folder / "last.ckpt").is_file()
        if fresh and trainer.is_global_zero:
            shutil.rmtree(folder, ignore_errors=True)

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Save within the epoch when it is time and the state is whole."""
        if self.pace is None or self._should_skip_saving_checkpoint(trainer):
            return
        since = trainer.global_step - self._last_global_step_saved
        gathers = (batch_idx + 1) % trainer.accumulate_grad_batches != 0
        if since < self.pace or gathers or _epoch_breaks(trainer):
            return
        if _all_finite(trainer, pl_module):
            self._save_topk_checkpoint(trainer, self._monitor_candidates(trainer))


def _epoch_breaks(trainer: Trainer) -> bool:
    """Say whether something else than the next batch follows: Lightning would not make up for it.

    The end of the epoch has its own checkpoint, which one of the same step would keep away.
    """
    loop, fetcher = trainer.fit_loop.epoch_loop, trainer.fit_loop._data_fetcher
    if trainer.should_stop or loop._is_training_done or fetcher is None:
        return True
    return loop._should_check_val_fx(fetcher)


def _all_finite(trainer: Trainer, pl_module: LightningModule) -> bool:
    """Say whether a fit can go on from here: all losses and weights are finite, in all processes.

    A finite loss may have had a gradient that was not: then the weights show it first.
    """
    watchers = [one for one in trainer.callbacks if isinstance(one, FiniteLoss)]  # type: ignore[attr-defined]
    finite = all(watcher.all_finite(trainer) for watcher in watchers)
    finite = finite and all(bool(one.isfinite().all()) for one in pl_module.parameters())
    return trainer.strategy.reduce_boolean_decision(finite, all=True)


def place(callback: ModelCheckpoint, folder: Path) -> None:
    """Put a checkpoint that names no folder of its own into the run."""
    if callback.dirpath is None:
        callback.dirpath = str((folder / CHECKPOINTS_FOLDER).resolve())


def _replace_prefix(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {
            _replace_prefix(name, old, new): _replace_prefix(item, old, new)
            for name, item in value.items()
        }
    if isinstance(value, str) and (value == old or value.startswith(f"{old}/")):
        return new + value[len(old) :]
    return value
