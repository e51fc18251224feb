"""The best and the last state of a fit, under names that never change.

``best.ckpt`` is the model to test. ``last.ckpt`` is what a killed fit goes on from. Both are
written at the end of an epoch, the last one after the best one, so that it knows of it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pytorch_lightning.callbacks import ModelCheckpoint

if TYPE_CHECKING:
    from pytorch_lightning import LightningModule, Trainer

__all__ = ["CHECKPOINTS_FOLDER", "BestCheckpoint", "LastCheckpoint"]

CHECKPOINTS_FOLDER = "checkpoints"


class _NamedCheckpoint(ModelCheckpoint):
    """A checkpoint that overwrites itself, and survives when its folder is moved."""

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
    """Keeps ``checkpoints/last.ckpt``, from which a killed fit goes on."""

    def __init__(self) -> None:
        super().__init__(
            filename="last",
            monitor=None,
            save_top_k=1,
            save_on_train_epoch_end=True,
            enable_version_counter=False,
        )

    def setup(self, trainer: Trainer, pl_module: LightningModule, stage: str) -> None:
        """Clear away what an attempt left that was killed before its first epoch ended."""
        super().setup(trainer, pl_module, stage)
        folder = Path(str(self.dirpath))
        fresh = stage == "fit" and not (folder / "last.ckpt").is_file()
        if fresh and trainer.is_global_zero:
            shutil.rmtree(folder, ignore_errors=True)


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
