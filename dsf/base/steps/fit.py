"""fit: a model learns from the training rows, watched on the validation rows."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dsf.base.carried import carry_files
from dsf.base.decisions import DECISION_FILES, FIT_FILE, VALIDATION_FILE
from dsf.base.learned import SETTLED_SECTIONS, take_learned
from dsf.base.settling import clear_decisions, keep_decisions
from dsf.base.steps.step import FIT_FOLDER, LABEL_KEYS, Step, StepContext
from dsf.base.validation import answer_validation_rows
from dsf.base.warm_start import begin_warm, read_warm_start
from dsf.core.atomic import write_json
from dsf.core.ranks import process_rank
from dsf.core.seeding import seed_process
from dsf.report import learning_curve_figure, save_figure

__all__ = ["FIT", "FIT_FILE", "HISTORY_FILE", "LAST_CHECKPOINT"]

log = logging.getLogger("dsf")

HISTORY_FILE = "history.csv"
_LOSS = "val_loss"
LAST_CHECKPOINT = Path("checkpoints") / "last.ckpt"


def _perform(context: StepContext) -> None:
    """Fit, say what came of it, and let validation rows settle the rest."""
    first = process_rank() == 0
    learned = take_learned(FIT, context, FIT_FILE) if first else None
    if learned is not None:
        log.info("fit      keeps the model of this run: nothing that it learned from has changed")
        _settle(context, context.folder / learned["model"])
        return
    model_path, watched = _fit(context)
    if first:
        _describe(context, model_path, *watched)
        _settle(context, model_path)


def _fit(context: StepContext) -> tuple[Path, tuple[str, str, Any]]:
    """Build data, model and training from the project's classes, and fit.

    Returns:
        The model's file, and what :func:`_watched` gives.
    """
    project, model_config = context.project, context.model_config()
    seed_process(model_config["seed"])
    data = project.data_class(
        model_config=model_config,
        dataset_config=context.dataset_config(),
        dataset_train=context.read_rows("train"),
        dataset_validation=context.read_rows("validation"),
    )
    model = project.model_class(
        model_config=model_config,
        metrics_config=dict(context.config["metrics"]),
        trainer_config=context.trainer_config(),
        save_path=context.folder,
    )
    last = context.folder / LAST_CHECKPOINT
    if not last.is_file():  # a fit that goes on has learned more than what it began with
        root = project.project_dir()
        begin_warm(model, context.config, root, context.run, context.folder)
    train = project.train_class(
        trainer_config=context.trainer_config(),
        model_config=model_config,
        model=model.get_model(),
        data_module=data.get_data_module(),
        save_path=context.folder,
        resume_from=last if last.is_file() else None,
    )
    return train.run(), _watched(train.trainer)


def _settle(context: StepContext, model_path: Path) -> None:
    """Keep the answers on validation rows, and thresholds and the like that follow from them.

    Whatever goes wrong with that, the fit is done, and may have taken days: it is kept.
    """
    folder = context.folder
    clear_decisions(folder)
    try:
        _carry(folder, model_path)
        rows = context.read_rows("validation")
        predictions = answer_validation_rows(context, model_path, rows)
        if predictions is None:
            log.info("fit      keeps no answers on validation rows: the project's test gives none")
        else:
            config = {**context.config, "model_config": context.model_config()}
            keep_decisions(predictions, rows, config, folder)
            _carry(folder, model_path)
    except Exception as error:  # noqa: BLE001  whatever it is, it is told, and the fit stays
        clear_decisions(folder)
        log.warning(
            "fit      is done, but keeps no answers on validation rows, and so no calibration and "
            "no abstaining: %s: %s",
            type(error).__name__,
            error,
        )


def _carry(folder: Path, model_path: Path) -> None:
    """Let the model's file carry what is settled, if it is ours to change."""
    if model_path.is_relative_to(folder):
        carry_files(model_path, [folder / name for name in DECISION_FILES])


def _watched(trainer: Any) -> tuple[str, str, Any]:
    """Give the number that chose the best epoch, which side of it is better, and what it was."""
    checkpoint = getattr(trainer, "checkpoint_callback", None)
    monitor, mode = getattr(checkpoint, "monitor", None), getattr(checkpoint, "mode", "min")
    score = getattr(checkpoint, "best_model_score", None)
    return (monitor, mode, score) if monitor else (_LOSS, "min", None)


def _describe(context: StepContext, model_path: Path, monitor: str, mode: str, score: Any) -> None:
    """Write which file is the model, and draw how it came about."""
    folder = context.folder
    history = _read_history(folder / HISTORY_FILE)
    best = _best_epoch(history, monitor, mode, score)
    if model_path.is_relative_to(folder):
        model_path = model_path.relative_to(folder)
    write_json(
        folder / FIT_FILE,
        {
            "model": model_path.as_posix(),
            "epochs": len(history),
            "steps": int(history["step"].iloc[-1]) if len(history) else 0,
            "best": best,
            "learning": context.options.get("learning"),
            "warm_start": read_warm_start(folder),
        },
    )
    if len(history):
        figure = learning_curve_figure(history, best_epoch=best["epoch"] if best else None)
        save_figure(figure, folder / "learning_curve")


def _results(folder: Path) -> list[Path]:
    """List what counts of a fit: its description, the model if it lies here, and decisions."""
    described = folder / FIT_FILE
    model = folder / json.loads(described.read_text(encoding="utf-8"))["model"]
    kept = [folder / name for name in (VALIDATION_FILE, *DECISION_FILES)]
    found = [path for path in kept if path.is_file()]
    return [described, *found, *([model] if model.is_relative_to(folder) else [])]


def _read_history(path: Path) -> pd.DataFrame:
    return pd.read_csv(path) if path.is_file() else pd.DataFrame()


def _best_epoch(
    history: pd.DataFrame, monitor: str, mode: str, score: Any
) -> dict[str, Any] | None:
    """Find the epoch that was kept: the first with the number of the model, or the best one."""
    if monitor not in history or history[monitor].isna().any():
        return None
    numbers = history[monitor].to_numpy()
    best = numbers.max() if mode == "max" else numbers.min()
    # The model of the best epoch may be lost, if the fit began with another run's checkpoint.
    wanted = best if score is None else float(score)
    at = int(np.abs(numbers - wanted).argmin())
    if not np.isclose(numbers[at], wanted):
        return None
    row = history.iloc[at]
    return {"epoch": int(row["epoch"]), "monitor": monitor, "score": float(row[monitor])}


FIT = Step(
    name="fit",
    folder=FIT_FOLDER,
    sections=(
        *("model_config", "trainer_config", "warm_start_config", "metrics"),
        *(*SETTLED_SECTIONS, *LABEL_KEYS),
    ),
    after=("split",),
    reads=("1_split/train.parquet", "1_split/validation.parquet", "1_split/split.json"),
    classes=("data_class", "model_class", "train_class"),
    perform=_perform,
    results=_results,
    goes_on=True,
)
