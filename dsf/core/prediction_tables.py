"""Predictions out of tables that others wrote: CSV or Parquet, a row for each row id."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import count, excerpt, first_problems
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.prediction_columns import PredictionColumns, TableColumns
from dsf.core.prediction_files import plain, repeated_problems
from dsf.core.prediction_kinds import read_predictions
from dsf.core.prediction_values import TableValues
from dsf.core.predictions import Predictions
from dsf.core.row_matching import find_rows
from dsf.core.table_files import find_ours, read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["PredictionColumns", "has_truth", "read_prediction_table"]

_logger = logging.getLogger(__name__)


def read_prediction_table(
    path: Path,
    columns: PredictionColumns | None = None,
    *,
    truth: AnyPredictions | None = None,
    labels: Sequence[Any] | None = None,
    common_rows: bool = False,
) -> AnyPredictions:
    """Read predictions from a table of any origin; all that is wrong with it comes at once.

    One label a row: a column ``prediction``, and, if there are any, ``target`` and the
    probability of each label, ``probability_<label>``. Several labels a row: ``prediction_<label>``
    of 0 or 1, and, if there are any, ``target_<label>`` and ``probability_<label>``. What dsf
    itself wrote, of any kind, is read as it was.

    Labels are text, as in a CSV file, unless ``labels`` or ``truth`` has ones that are written
    alike. Where labels have probabilities, one that has no column has 0.

    Args:
        path: ``.csv``, ``.tsv`` or ``.parquet``.
        columns: How the columns are called; ``None`` for the names above.
        truth: Predictions of another model, whose truth is taken where the table has none, and
            whose labels come first.
        labels: All labels there are; ``None``: those of the table and of ``truth``.
        common_rows: Whether rows whose truth is not known are left out, not refused.

    Raises:
        RunNotFoundError: If there is no such file.
        DataError: If the table cannot be used; lists all that is wrong, with the ids of the rows.
    """
    if find_ours(path):
        return read_predictions(path)
    frame, names = read_table(path), columns or PredictionColumns()
    found = TableColumns.find(list(frame.columns), names)
    problems = [*found.problems, *_id_problems(frame, found.row_id)]
    if not found.targets and not found.problems:
        problems += _truth_problems(truth, names, several=found.several)
    _refuse(path, problems)
    ids, places = frame[found.row_id].to_numpy(), None
    if truth is not None and not found.targets:
        places = find_rows(ids, truth.row_ids)
        known = places >= 0
        if not known.all():
            _refuse(path, [] if common_rows else [_unknown_rows(ids[~known])])
            left = count(int((~known).sum()), "row")
            _logger.warning(
                "%s: %s of unknown truth left out: %s", path, left, excerpt(ids[~known])
            )
        frame, ids, places = frame[known], ids[known], places[known]
    values = TableValues(frame, ids)
    make = _several_labels if found.several else _one_label
    fields = make(values, found, truth, places, labels)
    _refuse(path, values.problems)
    return (MultiLabelPredictions if found.several else Predictions)(row_ids=ids, **fields)


def has_truth(path: Path, columns: PredictionColumns | None = None) -> bool:
    """Whether a table says what is true of its rows.

    Args:
        path: As for :func:`read_prediction_table`.
        columns: How its columns are called.

    Raises:
        RunNotFoundError: If there is no such file.
        DataError: If it cannot be read.
    """
    if find_ours(path):
        return True
    there = list(read_table(path).columns)
    return bool(TableColumns.find(there, columns or PredictionColumns()).targets)


def _one_label(
    values: TableValues,
    found: TableColumns,
    truth: AnyPredictions | None,
    places: np.ndarray | None,
    labels: Sequence[Any] | None,
) -> dict[str, Any]:
    answers = values.texts(found.predictions[""])
    if places is None:
        targets = values.texts(found.targets[""])
    else:
        assert isinstance(truth, Predictions)
        targets = _as_texts(truth.targets[places])
    first = truth.labels if labels is None and isinstance(truth, Predictions) else labels or ()
    spelled = {str(plain(label)): label for label in first}
    if labels is None:
        values.check_spelling(found.predictions[""], answers, {*targets.tolist(), *spelled})
    if labels is not None:
        values.check_known(found.predictions[""], answers, spelled)
        values.check_known(found.targets.get("", "targets"), targets, spelled)
        unknown = [column for label, column in found.probabilities.items() if label not in spelled]
        if unknown:
            message = (
                f"must be of the labels {excerpt(spelled, 20)}, but {excerpt(unknown)} are not."
            )
            values.problems.append(Problem("columns of probabilities", message))
    elif found.probabilities:
        values.check_known(found.predictions[""], answers, found.probabilities)
    others = {*found.probabilities, *answers, *targets} - spelled.keys()
    spelled |= {text: text for text in sorted(others)}
    return {
        "targets": _as_values(targets, spelled),
        "predictions": _as_values(answers, spelled),
        "labels": list(spelled.values()),
        "probabilities": _spread(values, found, list(spelled)) if found.probabilities else None,
    }


def _several_labels(
    values: TableValues,
    found: TableColumns,
    truth: AnyPredictions | None,
    places: np.ndarray | None,
    labels: Sequence[Any] | None,
) -> dict[str, Any]:
    names = list(found.predictions)
    known = labels
    if places is None:
        targets = values.switches([found.targets[name] for name in names])
    else:
        assert isinstance(truth, MultiLabelPredictions)
        known = truth.labels if labels is None else labels
        columns = {str(label): place for place, label in enumerate(truth.labels)}
        of_names = [columns[name] for name in names if name in columns]
        targets = truth.targets[places][:, of_names]
    unknown = [name for name in names if known is not None and name not in map(str, known)]
    if unknown:
        message = (
            f"must be of the labels {excerpt(known or (), 20)}, but {excerpt(unknown)} are not."
        )
        values.problems.append(Problem("columns of predictions", message))
    chances = None
    if found.probabilities:
        of_labels = [found.probabilities[name] for name in names]
        chances = values.probabilities(of_labels, sum_to_one=False)
    return {
        "targets": targets,
        "probabilities": chances,
        "thresholds": np.full(len(names), 0.5),  # unknown, and not used: the answers are there
        "labels": names,
        "decided": values.switches(list(found.predictions.values())),
    }


def _spread(values: TableValues, found: TableColumns, labels: list[str]) -> np.ndarray:
    """Read the probabilities of all labels; 0 for those without a column."""
    whole = np.zeros((len(values.ids), len(labels)))
    there = [place for place, label in enumerate(labels) if label in found.probabilities]
    columns = [found.probabilities[labels[place]] for place in there]
    if columns:
        whole[:, there] = values.probabilities(columns, sum_to_one=True)
    return whole


def _as_texts(values: np.ndarray) -> np.ndarray:
    return np.array([str(value) for value in values.tolist()], dtype=object)


def _as_values(texts: np.ndarray, spelled: dict[str, Any]) -> np.ndarray:
    """Make labels of their texts; numbers stay numbers."""
    found = [plain(spelled[text]) for text in texts.tolist()]
    return np.array(found, dtype=object if any(isinstance(one, str) for one in found) else None)


def _id_problems(frame: pd.DataFrame, column: str) -> list[Problem]:
    if column not in frame.columns:
        return []
    where, ids = f"column {column!r}", frame[column]
    missing = (ids.isna() | (ids.astype(str) == "")).to_numpy()
    problems = repeated_problems(where, ids[~missing].to_numpy())
    if missing.any():
        rows = excerpt(np.flatnonzero(missing) + 1)
        message = (
            f"must be there in every row, but is missing in {count(int(missing.sum()), 'row')} "
        )
        problems.append(Problem(where, f"{message}{rows}, counted from 1 below the header."))
    return problems


def _truth_problems(
    truth: AnyPredictions | None, names: PredictionColumns, *, several: bool
) -> list[Problem]:
    kind = MultiLabelPredictions if several else Predictions
    if isinstance(truth, kind):
        return []
    target = f"{names.target}_<label>" if several else names.target
    message = "must be there for the truth, since no other model on the same rows has it"
    if truth is not None:
        message = "must be there for the truth, since the other model's is of another kind"
    return [Problem(f"column '{target}'", f"{message}.")]


def _unknown_rows(ids: np.ndarray) -> Problem:
    message = (
        f"must be rows that the other model answered, whose truth is used, but "
        f"{count(len(ids), 'row')} {'is' if len(ids) == 1 else 'are'} not: {excerpt(ids)}."
    )
    return Problem("rows", message)


def _refuse(path: Path, problems: list[Problem]) -> None:
    """Raise what is wrong, if anything is."""
    if problems:
        raise DataError(f"{path}: the predictions cannot be used.", first_problems(problems))
