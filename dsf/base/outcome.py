"""From what a model answered to the files that are kept: answers, numbers, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.base.answer_faults import find_other_rows, find_other_truth
from dsf.base.answered_rows import keep_rows
from dsf.base.given_numbers import read_array, read_numbers
from dsf.base.hooks import result_error
from dsf.base.pictures import draw_predictions
from dsf.base.scoring import make_bootstrap
from dsf.core.atomic import write_json
from dsf.core.errors import DataError
from dsf.core.prediction_kinds import AnyPredictions
from dsf.core.predictions import Predictions
from dsf.core.row_matching import find_rows
from dsf.metrics import score_predictions

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from dsf.data import LabelLayout

__all__ = ["METRICS_FILE", "PREDICTIONS_FILE", "as_predictions", "keep_outcome"]

METRICS_FILE = "metrics.json"
PREDICTIONS_FILE = "predictions.parquet"


def keep_outcome(
    owner: object,
    answers: Any,
    rows: pd.DataFrame,
    layout: LabelLayout | None,
    config: Mapping[str, Any],
    folder: Path,
) -> dict[str, Any]:
    """Score answers and write them with their numbers into ``folder``.

    Args:
        owner: The project's object whose ``execute`` gave the answers; named in errors.
        answers: Probabilities, label values, predictions of any kind that dsf knows
            (:mod:`dsf.core.prediction_kinds`), or a dict of numbers.
        rows: The rows that were answered.
        layout: Where the rows have their true labels.
        config: The config; its ``model_config`` with the labels of the data filled in.
        folder: Where the files go.

    Returns:
        Metric → number and all else that is in ``metrics.json``.

    Raises:
        HookResultError: If the answers do not fit the rows.
        ConfigError: If the rows lack a column that the config names.
    """
    if isinstance(answers, Mapping):
        metrics = read_numbers(owner, answers)
    else:
        predictions = as_predictions(owner, answers, rows, layout, config["model_config"])
        predictions.write(folder / PREDICTIONS_FILE)
        metrics = score_predictions(
            predictions,
            config["metrics"],
            config["model_config"]["average"],
            make_bootstrap(config, rows, predictions.row_ids),
        )
        draw_predictions(predictions, config["metrics"], folder)
        keep_rows(rows, config, folder)
    write_json(folder / METRICS_FILE, metrics)
    return metrics


def as_predictions(
    owner: object,
    answers: Any,
    rows: pd.DataFrame,
    layout: LabelLayout | None,
    model_config: Mapping[str, Any],
    asked: str = "self.dataset_test",
) -> AnyPredictions:
    """Make predictions of what a hook gave for the rows.

    Args:
        owner: The project's object whose ``execute`` gave the answers; named in errors.
        answers: Probabilities, label values or predictions.
        rows: The rows that were answered.
        layout: Where the rows have their true labels.
        model_config: Gives ``label_names``.
        asked: What the hook knows the rows by; named in errors.

    Returns:
        Predictions of all rows, in their order.

    Raises:
        HookResultError: If the answers do not fit the rows.
    """
    if isinstance(answers, AnyPredictions):
        return _in_order(owner, answers, rows, layout, asked)
    labels = model_config["label_names"]
    if layout is None or layout.kind != "single" or not labels:
        raise result_error(
            owner,
            "execute",
            "must return predictions of dsf.core or a dict of numbers when dataset_config names no "
            "label_column, or label_kind is not single",
        )
    values = read_array(owner, answers)
    _check_shape(owner, values, len(rows), len(labels))
    ids, targets = rows["row_id"].to_numpy(), rows[layout.columns[0]].to_numpy()
    try:
        if values.ndim == 2:
            return Predictions.from_probabilities(ids, targets, values, labels)
        return Predictions(ids, targets, values, labels)
    except (DataError, TypeError, ValueError) as error:  # the last two of values that are no labels
        raise result_error(
            owner, "execute", f"gave answers that cannot be used. {error}"
        ) from error


def _in_order(
    owner: object,
    answers: AnyPredictions,
    rows: pd.DataFrame,
    layout: LabelLayout | None,
    asked: str,
) -> AnyPredictions:
    """Give predictions in the order of the rows, if they are of those rows and their truth."""
    ids = rows["row_id"].to_numpy()
    if wrong := find_other_rows(answers, ids):
        message = f"must answer each row of {asked} once, but {wrong}"
        raise result_error(owner, "execute", message)
    if not np.array_equal(answers.row_ids, ids):
        answers = answers.take(find_rows(ids, answers.row_ids))
    if faults := find_other_truth(answers, rows, layout):
        message = f"must give the true labels that {asked} has, but {', '.join(faults)}"
        raise result_error(owner, "execute", message)
    return answers


def _check_shape(owner: object, values: np.ndarray, rows: int, labels: int) -> None:
    if values.shape not in ((rows, labels), (rows,)):
        raise result_error(
            owner,
            "execute",
            f"must return probabilities of shape {(rows, labels)} (rows, labels) or labels of "
            f"shape {(rows,)}, but returned shape {values.shape}",
        )
