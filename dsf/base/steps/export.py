"""export: the trained model becomes a bundle, which must answer as the model did."""

from __future__ import annotations

import json
import logging
import shutil
from typing import TYPE_CHECKING, Any

import pandas as pd

from dsf.base.export_request import ExportRequest
from dsf.base.outcome import METRICS_FILE, PREDICTIONS_FILE
from dsf.base.scoring import make_bootstrap
from dsf.base.steps.compare import COMPARISON_FILE
from dsf.base.steps.comparing import compare_with_existing, read_answers
from dsf.base.steps.step import SCORING_SECTIONS, Step, files_named
from dsf.base.steps.test import TEST
from dsf.core.answer_differences import find_differences
from dsf.core.atomic import write_json
from dsf.core.errors import (
    BundleError,
    DataError,
    NotExportableError,
    Problem,
    RunMismatchError,
)
from dsf.core.excerpts import excerpt
from dsf.core.run_record import STEP_FILE, RunRecord
from dsf.inference import Predictor
from dsf.metrics import score_predictions

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.base.steps.step import StepContext
    from dsf.core.bundle import Bundle
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["BUNDLE_FOLDER", "EXPORT", "EXPORT_FILE"]

log = logging.getLogger("dsf")

EXPORT_FILE = "export.json"
BUNDLE_FOLDER = "bundle"


def _perform(context: StepContext) -> None:
    """Export the model and judge the bundle by its own answers; or say why there is none."""
    tested = read_answers(context.run / TEST.folder)
    try:
        if tested is None:
            message = "must give its answers to the rows: a bundle is held to them, not to numbers."
            raise NotExportableError("The model cannot be exported.", [Problem("Test", message)])
        exported = _export(context, tested)
    except NotExportableError as error:
        if context.config["export_config"]["enabled"]:
            raise
        shutil.rmtree(context.folder / BUNDLE_FOLDER, ignore_errors=True)
        log.info("%-8s no bundle: %s", EXPORT.name, "; ".join(map(str, error.problems)))
        exported = {"bundle": None, "reason": [str(problem) for problem in error.problems]}
    write_json(context.folder / EXPORT_FILE, exported)


def _export(context: StepContext, tested: AnyPredictions) -> dict[str, Any]:
    """Make the bundle, let it answer, score and compare it; say what came of it."""
    _check_same_model(context)
    bundle = _make_bundle(context)
    tolerance = context.config["export_config"]["tolerance"]
    answers = _ask(bundle, context)
    largest = _check_same_answers(answers, tested, tolerance)
    answers.write(context.folder / PREDICTIONS_FILE)
    metrics = _score(context, answers)
    write_json(context.folder / METRICS_FILE, metrics)
    bundle = bundle.with_scores(_scores(metrics))
    comparison = compare_with_existing(context, context.folder)
    write_json(context.folder / COMPARISON_FILE, comparison)
    rows, verdict = len(answers.row_ids), comparison["verdict"]["verdict"]
    log.info("%-8s the bundle answers %d rows as the model did: %s", EXPORT.name, rows, verdict)
    return {
        "bundle": BUNDLE_FOLDER,
        "hash": bundle.hash,
        "rows": rows,
        "largest_difference": largest,
        "tolerance": tolerance,
    }


def _ask(bundle: Bundle, context: StepContext) -> AnyPredictions:
    """Let the bundle answer the rows of the test."""
    try:
        return Predictor(bundle.folder, _device(context)).predict_rows(context.options["rows"])
    except DataError as error:
        headline = "The bundle cannot answer the rows of the test."
        advice = (
            "what a Data class fills or changes, a bundle does not know. Do it where the rows are "
            "read, or in the network, and train again."
        )
        problems = [*error.problems, Problem(BUNDLE_FOLDER, advice)]
        raise NotExportableError(headline, problems) from error


def _make_bundle(context: StepContext) -> Bundle:
    """Ask the project for its bundle."""
    model_config, record = context.model_config(), RunRecord.read(context.run)
    model = context.project.model_class(
        model_config=model_config,
        metrics_config=dict(context.config["metrics"]),
        trainer_config=context.trainer_config(),
        save_path=context.folder,
    )
    request = ExportRequest(
        folder=context.folder / BUNDLE_FOLDER,
        model_config=model_config,
        config=context.config,
        model_path=context.options["model_path"],
        name=str(context.config["project"]),
        version=context.run.name,
        task=str(context.config["task"]),
        data_hash=record.data_hash,
        config_hash=record.config_hash,
        learned=_learned_rows(context),
    )
    return model.get_bundle(request)


def _learned_rows(context: StepContext) -> pd.DataFrame:
    """Give the rows that the model has learned from, and was chosen by."""
    return pd.concat([context.read_rows(part) for part in ("train", "validation")])


def _device(context: StepContext) -> str:
    """Say where to compute: where the model did, which is what its answers are held to."""
    return "cpu" if context.config["trainer_config"].get("accelerator") == "cpu" else "auto"


def _check_same_model(context: StepContext) -> None:
    """Refuse to export another model than the one that was tested, on other rows."""
    path = context.run / TEST.folder / STEP_FILE
    inputs = json.loads(path.read_text(encoding="utf-8"))["inputs"]
    now = context.options["inputs"]
    other = [
        told
        for name, told in (("model", "weights"), ("rows", "rows"))
        if inputs.get(name) != now[name]
    ]
    if other:
        raise RunMismatchError(
            f"{context.run}: what is exported must be what was tested, but test was given other "
            f"{' and '.join(other)}. Test again: `dsf-cli test --run-dir {context.run}`."
        )


def _check_same_answers(answers: AnyPredictions, tested: AnyPredictions, tolerance: float) -> float:
    """Give the largest distance of two probabilities.

    Raises:
        BundleError: If the bundle answers otherwise than the model.
    """
    found = find_differences(answers, tested, tolerance)
    if found.rows:
        message = (
            f"must answer as the model did in its test, up to {tolerance:g}, but "
            f"{len(found.rows)} of {len(answers.row_ids)} rows differ: row_id "
            f"{excerpt(found.rows)}; a probability by up to {found.largest:.3g}. Look for what "
            "your hooks do to rows or answers and a bundle does not know: do it where the rows are "
            "read, or in the network, and train again. If it is rounding on this machine, raise "
            "export_config.tolerance."
        )
        raise BundleError("The bundle is refused.", [Problem(BUNDLE_FOLDER, message)])
    return found.largest


def _score(context: StepContext, answers: AnyPredictions) -> dict[str, Any]:
    config, rows = context.config, context.options["rows"]
    average = context.model_config()["average"]
    bootstrap = make_bootstrap(config, rows, answers.row_ids)
    return score_predictions(answers, config["metrics"], average, bootstrap)


def _scores(metrics: dict[str, Any]) -> dict[str, Any]:
    """Give each number with its interval, as a bundle keeps them."""
    intervals = metrics.get("intervals") or {}
    numbers = {name: one for name, one in metrics.items() if isinstance(one, int | float)}
    return {name: {"value": one, **intervals.get(name, {})} for name, one in numbers.items()}


def _list_results(folder: Path) -> list[Path]:
    files = files_named(EXPORT_FILE, METRICS_FILE, PREDICTIONS_FILE, COMPARISON_FILE)(folder)
    bundle = sorted(path for path in (folder / BUNDLE_FOLDER).rglob("*") if path.is_file())
    return [*files, *bundle]


EXPORT = Step(
    name="export",
    folder="6_export",
    sections=(
        "export_config.enabled",
        "export_config.tolerance",
        "comparison_config",
        *SCORING_SECTIONS,
    ),
    after=("split", "fit", "test", "eval"),
    reads=(
        f"3_test/{METRICS_FILE}",
        f"3_test/{STEP_FILE}",
        f"4_eval/{METRICS_FILE}",
        f"4_eval/{STEP_FILE}",
    ),
    classes=("model_class", "comparison_class"),
    perform=_perform,
    results=_list_results,
)
