"""compare: the new model's numbers next to the existing one's, and a report to look at."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from dsf.base.answered_rows import read_kept_rows
from dsf.base.outcome import METRICS_FILE, PREDICTIONS_FILE
from dsf.base.steps.evaluate import EVALUATE
from dsf.base.steps.step import Step, StepContext, files_named
from dsf.base.steps.test import TEST
from dsf.core.atomic import write_json
from dsf.core.errors import RunMismatchError
from dsf.core.prediction_kinds import read_predictions
from dsf.core.run_record import STEP_FILE
from dsf.report import CARD_FILE, REPORT_FILE, TEXT_FILE, write_report_files

if TYPE_CHECKING:
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["COMPARE", "COMPARISON_FILE", "REPORT_FILE"]

log = logging.getLogger("dsf")

COMPARISON_FILE = "comparison.json"


def _perform(context: StepContext) -> None:
    """Read both results from the run, let the project compare them, and draw the report."""
    _check_same_rows(context)
    comparison = context.project.comparison_class(
        test_results=_read(context, TEST, METRICS_FILE),
        eval_results=_read(context, EVALUATE, METRICS_FILE),
        metrics_config=dict(context.config["metrics"]),
        trained=_read_answers(context, TEST),
        existing=_read_answers(context, EVALUATE),
        rows=read_kept_rows(context.run / TEST.folder),
        config={**context.config, "dataset_config": context.dataset_config()},
    ).run()
    write_json(context.folder / COMPARISON_FILE, comparison)
    log.info("%-8s verdict: %s", COMPARE.name, comparison["verdict"]["verdict"])
    write_report_files(context.run, context.folder, context.folder / COMPARISON_FILE)


def _read_answers(context: StepContext, step: Step) -> AnyPredictions | None:
    """Read what a model answered; ``None`` if its numbers alone were kept."""
    path = context.run / step.folder / PREDICTIONS_FILE
    return read_predictions(path) if path.is_file() else None


def _check_same_rows(context: StepContext) -> None:
    rows = [_read(context, step, STEP_FILE)["inputs"]["rows"] for step in (TEST, EVALUATE)]
    if rows[0] != rows[1]:
        raise RunMismatchError(
            f"{context.run}: both models must answer the same rows, but test and eval were given "
            "different ones. Run both again with the same test data."
        )


def _read(context: StepContext, step: Step, file: str) -> dict[str, Any]:
    content = (context.run / step.folder / file).read_text(encoding="utf-8")
    result: dict[str, Any] = json.loads(content)
    return result


COMPARE = Step(
    name="compare",
    folder="5_compare",
    sections=("comparison_config", "bootstrap_config", "metrics"),
    after=("test", "eval"),
    reads=(
        f"3_test/{METRICS_FILE}",
        f"4_eval/{METRICS_FILE}",
        f"3_test/{STEP_FILE}",
        f"4_eval/{STEP_FILE}",
    ),
    classes=("comparison_class",),
    perform=_perform,
    results=files_named(COMPARISON_FILE, REPORT_FILE, TEXT_FILE, CARD_FILE),
)
