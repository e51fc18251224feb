"""A model's results next to those of the existing one, on the same rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dsf.base.answered_rows import read_kept_rows
from dsf.base.outcome import METRICS_FILE, PREDICTIONS_FILE
from dsf.base.steps.evaluate import EVALUATE, EXISTING_FILE
from dsf.base.steps.test import TEST
from dsf.core.errors import RunMismatchError
from dsf.core.prediction_kinds import read_predictions
from dsf.core.run_record import STEP_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.base.steps.step import StepContext
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["compare_with_existing", "read_answers"]


def compare_with_existing(context: StepContext, folder: Path) -> dict[str, Any]:
    """Let the project compare a model with the existing one.

    Args:
        context: The step that asks; test and eval of its run are done.
        folder: Has ``metrics.json`` and, if it answers rows, ``predictions.parquet`` of the model.

    Returns:
        What ``comparison.json`` holds.

    Raises:
        RunMismatchError: If the two have answered different rows.
    """
    _check_same_rows(context)
    existing = context.run / EVALUATE.folder
    told = _tell_existing(existing / EXISTING_FILE)
    compared: dict[str, Any] = context.project.comparison_class(
        test_results=_read(folder / METRICS_FILE),
        eval_results=_read(existing / METRICS_FILE),
        metrics_config=dict(context.config["metrics"]),
        trained=read_answers(folder),
        existing=read_answers(existing),
        rows=read_kept_rows(context.run / TEST.folder),
        config={**context.config, "dataset_config": context.dataset_config()},
    ).run()
    # Not the run's own name: the same run elsewhere comes to the same comparison.
    names = {"trained": str(context.config["project"] or "the new model"), "eval": told["name"]}
    notes = [*told["notes"], *compared.get("notes", ())]
    return {"names": names, **compared, "notes": notes}


def read_answers(folder: Path) -> AnyPredictions | None:
    """Read what a model answered; ``None`` if its numbers alone were kept."""
    path = folder / PREDICTIONS_FILE
    return read_predictions(path) if path.is_file() else None


def _check_same_rows(context: StepContext) -> None:
    rows = [
        _read(context.run / step.folder / STEP_FILE)["inputs"]["rows"] for step in (TEST, EVALUATE)
    ]
    if rows[0] != rows[1]:
        raise RunMismatchError(
            f"{context.run}: both models must answer the same rows, but test and eval were given "
            "different ones. Run both again with the same test data."
        )


def _tell_existing(path: Path) -> dict[str, Any]:
    """Read which model has answered; a run of an older version of dsf does not say it."""
    return _read(path) if path.is_file() else {"name": "the existing model", "notes": []}


def _read(path: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return result
