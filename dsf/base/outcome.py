"""From what a model answered to the files that are kept: answers, numbers, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.base.answered_rows import keep_rows
from dsf.base.hooks import result_error
from dsf.base.pictures import draw_predictions
from dsf.base.scoring import make_bootstrap
from dsf.core.atomic import write_json
from dsf.core.errors import DataError
from dsf.core.prediction_kinds import AnyPredictions
from dsf.core.predictions import Predictions
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
            (:mod:`dsf.core.prediction_kinds`), which are kept as they are, or a dict of numbers.
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
        metrics = _plain_numbers(owner, answers)
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
) -> AnyPredictions:
    """Make predictions of what a hook gave for the rows.

    Args:
        owner: The project's object whose ``execute`` gave the answers; named in errors.
        answers: Probabilities, label values or predictions.
        rows: The rows that were answered.
        layout: Where the rows have their true labels.
        model_config: Gives ``label_names``.

    Raises:
        HookResultError: If the answers do not fit the rows.
    """
    if isinstance(answers, AnyPredictions):
        return answers
    labels = model_config["label_names"]
    if layout is None or layout.kind != "single" or not labels:
        raise result_error(
            owner,
            "execute",
            "must return predictions of dsf.core or a dict of numbers when dataset_config names no "
            "label_column, or label_kind is not single",
        )
    values = _as_array(answers)
    _check_shape(owner, values, len(rows), len(labels))
    ids, targets = rows["row_id"].to_numpy(), rows[layout.columns[0]].to_numpy()
    try:
        if values.ndim == 2:
            return Predictions.from_probabilities(ids, targets, values, labels)
        return Predictions(ids, targets, values, labels)
    except DataError as error:
        raise result_error(
            owner, "execute", f"gave answers that cannot be used. {error}"
        ) from error


def _check_shape(owner: object, values: np.ndarray, rows: int, labels: int) -> None:
    if values.shape not in ((rows, labels), (rows,)):
        raise result_error(
            owner,
            "execute",
            f"must return probabilities of shape {(rows, labels)} (rows, labels) or labels of "
            f"shape {(rows,)}, but returned shape {values.shape}",
        )


def _as_array(answers: Any) -> np.ndarray:
    """Take a numpy array out of an array, a list or a tensor on any device."""
    if hasattr(answers, "detach"):
        answers = answers.detach().cpu()
    return np.asarray(answers)


def _plain_numbers(owner: object, answers: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {name: _plain(value) for name, value in answers.items()}
    wrong = [name for name, value in numbers.items() if not isinstance(value, int | float | dict)]
    if wrong:
        raise result_error(owner, "execute", f"must return numbers, but {wrong} are none")
    return numbers


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return value.item() if hasattr(value, "item") else value
