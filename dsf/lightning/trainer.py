"""A ``pl.Trainer`` that writes into the run, can be killed, and can be looked at."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import (
    Callback,
    EarlyStopping,
    LearningRateMonitor,
    ModelCheckpoint,
    ProgressBar,
    RichProgressBar,
)
from pytorch_lightning.loggers import CSVLogger, TensorBoardLogger

from dsf.core.errors import ConfigError, Problem
from dsf.lightning.checkpoint_io import AtomicCheckpointIO
from dsf.lightning.checkpoints import BestCheckpoint, LastCheckpoint, place
from dsf.lightning.early_stop import ResumedStop
from dsf.lightning.epoch_seed import EpochSeed
from dsf.lightning.finite_loss import FiniteLoss
from dsf.lightning.history import History
from dsf.lightning.mlflow_logger import MLFlowLogger
from dsf.lightning.quiet import hush
from dsf.lightning.run_logger import RunLogger
from dsf.tracking import NoTracker, current_tracker

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["build_tester", "build_trainer"]

_SMALLER_IS_BETTER = ("loss", "error", "perplexity", "mae", "mse", "rmse")
_LARGER_IS_BETTER = ("accuracy", "precision", "recall", "f1", "auc", "auroc")


def build_trainer(
    trainer_config: Mapping[str, Any], save_path: Path | str, seed: int = 42
) -> pl.Trainer:
    """Make the trainer of a fit.

    Everything in ``trainer_config`` goes to ``pl.Trainer`` as it is. Added to it: the best
    checkpoint and the last checkpoint unless the config has them, ``history.csv``, a seed for every
    batch, whole-or-nothing writing of checkpoints, a stop when the loss is no number any more, a
    logger for the run if that is tracked, and, where the config says nothing of them, a progress
    bar and TensorBoard and CSV loggers.

    Args:
        trainer_config: Arguments of ``pl.Trainer``.
        save_path: Folder of the step.
        seed: Seed of the run.

    Raises:
        ConfigError: If a callback watches a number on the wrong side.
    """
    hush()
    config, folder = dict(trainer_config), Path(save_path)
    config.setdefault("default_root_dir", str(folder))
    config.setdefault("enable_progress_bar", sys.stderr.isatty())
    config["logger"] = _loggers(config.get("logger"), folder)
    config["plugins"] = [*_as_list(config.get("plugins")), AtomicCheckpointIO()]
    config["callbacks"] = _callbacks(config, folder, seed)
    # Deterministic runs also fill all new memory, a seventh of a fine-tuning step on a CPU. That
    # is for code that reads what was never written; the order of sums does not depend on it.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    # Lightning counts the history as a checkpoint. It adds none of its own when it finds one.
    config.pop("enable_checkpointing", None)
    return pl.Trainer(**config)


def build_tester(trainer_config: Mapping[str, Any], save_path: Path | str) -> pl.Trainer:
    """Make the trainer of a test: one process, so that every row is answered once, in order.

    Args:
        trainer_config: Arguments of ``pl.Trainer``; what concerns only a fit is left out.
        save_path: Folder of the step.
    """
    hush()
    _leave_process_group()
    config = dict(trainer_config)
    config |= {"devices": 1, "num_nodes": 1, "strategy": "auto", "logger": False}
    config |= {"enable_checkpointing": False, "default_root_dir": str(save_path)}
    config.setdefault("enable_progress_bar", sys.stderr.isatty())
    given = _as_list(config.get("callbacks"))
    kept = [one for one in given if not isinstance(one, ModelCheckpoint | EarlyStopping)]
    config["callbacks"] = [*kept, *_progress_bar(config, kept)]
    return pl.Trainer(**config)


def _leave_process_group() -> None:
    """End the group of a fit with several processes; numbers would wait for the others for ever."""
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


def _callbacks(config: Mapping[str, Any], folder: Path, seed: int) -> list[Callback]:
    """Put our callbacks around the configured ones, in the order in which they must run."""
    given: list[Callback] = _as_list(config.get("callbacks"))
    _check_sides(given)
    own: list[Callback] = [FiniteLoss(), EpochSeed(seed), *_progress_bar(config, given)]
    if config["logger"] is not False:
        own.append(LearningRateMonitor(logging_interval="step"))
    if config.get("enable_checkpointing") is False:
        return [*own, *given, History(folder / "history.csv")]
    checkpoints = [one for one in given if isinstance(one, ModelCheckpoint)]
    others = [one for one in given if not isinstance(one, ModelCheckpoint)]
    last = next((one for one in checkpoints if isinstance(one, LastCheckpoint)), LastCheckpoint())
    checkpoints = [one for one in checkpoints if not isinstance(one, LastCheckpoint)]
    checkpoints = checkpoints or [BestCheckpoint()]
    for checkpoint in [*checkpoints, last]:
        place(checkpoint, folder)
    first, *further = checkpoints
    history = History(folder / "history.csv")
    # Lightning asks the first checkpoint for the best model; those after it know the whole history.
    return [*own, *others, ResumedStop(), first, history, *further, last]


def _progress_bar(config: Mapping[str, Any], given: list[Callback]) -> list[Callback]:
    """Give a bar that people see, on the terminal's error stream, unless there is one."""
    if not config["enable_progress_bar"] or any(isinstance(one, ProgressBar) for one in given):
        return []
    return [RichProgressBar(leave=False, console_kwargs={"stderr": True})]


def _loggers(given: Any, folder: Path) -> Any:
    """Give the loggers of the config, or ours; and one for the tracked run, if none is for it."""
    tracker = current_tracker()
    tracked = [] if isinstance(tracker, NoTracker) else [RunLogger(tracker)]
    if given is None or given is True:
        tensorboard = TensorBoardLogger(str(folder), name="tensorboard", version="")
        return [tensorboard, CSVLogger(str(folder), name="csv", version=""), *tracked]
    loggers = _as_list(given) if given is not False else []
    if any(isinstance(one, MLFlowLogger) for one in loggers):
        tracked = []
    return [*loggers, *tracked] or False


def _check_sides(callbacks: list[Callback]) -> None:
    """Refuse a callback that would keep or stop at the worst instead of the best."""
    problems = []
    for callback in callbacks:
        if isinstance(callback, ModelCheckpoint | EarlyStopping) and callback.monitor:
            right = _side(callback.monitor)
            if right and callback.mode != right:
                name = type(callback).__name__
                problems.append(
                    Problem(
                        f"trainer_config.callbacks {name}",
                        f"must watch {callback.monitor!r} with mode {right!r}, but has "
                        f"{callback.mode!r}: it would keep the worst.",
                    )
                )
    if problems:
        raise ConfigError("Callbacks must watch a number on its right side.", problems)


def _side(monitor: str) -> str | None:
    words = monitor.lower().split("_")
    if any(word in _SMALLER_IS_BETTER for word in words):
        return "min"
    return "max" if any(word in _LARGER_IS_BETTER for word in words) else None


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
