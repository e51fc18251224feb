"""Predictions out of tables that others wrote: CSV or Parquet, a row for each row id."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import count, excerpt, first_problems
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.prediction_columns import PredictionColumns, TableColumns
from dsf.core.prediction_files import repeated_problems
from dsf.core.prediction_kinds import read_predictions
from dsf.core.prediction_making import TruthRows, make_predictions
from dsf.core.prediction_values import TableValues
from dsf.core.predictions import Predictions
from dsf.core.row_matching import find_rows
from dsf.core.table_files import find_ours, read_table
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["PredictionColumns", "PredictionTable", "has_truth", "read_prediction_table"]

_logger = logging.getLogger(__name__)

_KINDS = {
    "single": Predictions,
    "multilabel": MultiLabelPredictions,
    "outputs": MultiOutputPredictions,
    "tags": TagPredictions,
}


@dataclass(frozen=True)
class PredictionTable:
    """A table of any origin that was read once, whatever is then asked of it.

    Attributes:
        path: Where it is.
        names: How its columns are called.
        frame: What stands in it; ``None`` if dsf itself wrote it, of any kind.
    """

    path: Path
    names: PredictionColumns
    frame: pd.DataFrame | None

    @classmethod
    def open(cls, path: Path, columns: PredictionColumns | None = None) -> PredictionTable:
        """Read a table.

        Args:
            path: ``.csv``, ``.tsv`` or ``.parquet``.
            columns: How its columns are called; ``None`` for the usual names.

        Raises:
            RunNotFoundError: If there is no such file.
            DataError: If it cannot be read.
        """
        frame = None if find_ours(path) else read_table(path)
        return cls(path, columns or PredictionColumns(), frame)

    @property
    def has_truth(self) -> bool:
        """Whether it says what is true of its rows."""
        if self.frame is None:
            return True
        return bool(TableColumns.find(list(self.frame.columns), self.names).targets)

    def read(
        self,
        *,
        truth: AnyPredictions | None = None,
        labels: Sequence[Any] | None = None,
        common_rows: bool = False,
    ) -> AnyPredictions:
        """Make predictions of it, as :func:`read_prediction_table` says.

        Raises:
            DataError: If it cannot be used; lists all that is wrong, with the ids of the rows.
        """
        if self.frame is None:
            return read_predictions(self.path)
        frame = self.frame
        found = TableColumns.find(
            list(frame.columns), self.names, _outputs(frame, self.names, truth)
        )
        kind = _find_kind(frame, found, truth)
        problems = [*found.problems, *_id_problems(frame, found.row_id)]
        if frame.empty:
            message = "must be at least one below the header, but there is none."
            problems.append(Problem("rows", message))
        if isinstance(truth, MultiOutputPredictions) and found.outputs:
            problems += _output_problems(found.outputs, truth.outputs)
        if kind == "tags" and not isinstance(truth, TagPredictions):
            problems.append(_tag_problem(found.predictions[""]))
        elif (not found.targets or kind == "tags") and not found.problems:
            problems += _truth_problems(truth, self.names, kind)
        self._refuse(problems)
        ids, rows = frame[found.row_id].to_numpy(), None
        if truth is not None and (not found.targets or kind == "tags"):
            places = find_rows(ids, truth.row_ids)
            known = places >= 0
            if not known.all():
                self._leave_out(ids[~known], truth.row_ids, common_rows=common_rows)
            frame, ids = frame[known], ids[known]
            rows = TruthRows(truth, places[known])
        values = TableValues(frame, ids)
        fields = make_predictions(kind, values, found, rows or TruthRows(truth, None), labels)
        self._refuse(values.problems)
        made: AnyPredictions = _KINDS[kind](**fields)
        return made

    def _leave_out(self, unknown: Any, known: Any, *, common_rows: bool) -> None:
        """Say that rows of unknown truth are left out, or refuse them."""
        self._refuse([] if common_rows else [_unknown_rows(unknown, known)])
        _logger.warning(
            "%s: %s of unknown truth left out: %s",
            self.path,
            count(len(unknown), "row"),
            excerpt(unknown),
        )

    def _refuse(self, problems: list[Problem]) -> None:
        """Raise what is wrong, if anything is."""
        if problems:
            headline = f"{self.path}: the predictions cannot be used."
            raise DataError(headline, first_problems(problems))


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
    of 0 or 1, and, if there are any, ``target_<label>`` and ``probability_<label>``. One label of
    each of several outputs: ``prediction_<output>`` of labels, and, if there are any,
    ``target_<output>`` and ``probability_<output>_<label>``. Tags: ``prediction``, lists or words
    with blanks between, where ``truth`` has the tokens. What dsf itself wrote, of any kind, is
    read as it was.

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
    table = PredictionTable.open(path, columns)
    return table.read(truth=truth, labels=labels, common_rows=common_rows)


def has_truth(path: Path, columns: PredictionColumns | None = None) -> bool:
    """Whether a table says what is true of its rows.

    Args:
        path: As for :func:`read_prediction_table`.
        columns: How its columns are called.

    Raises:
        RunNotFoundError: If there is no such file.
        DataError: If it cannot be read.
    """
    return PredictionTable.open(path, columns).has_truth


def _outputs(
    frame: pd.DataFrame, names: PredictionColumns, truth: AnyPredictions | None
) -> list[str] | None:
    """Name the outputs, if ``prediction_<name>`` holds labels and not 0 and 1; else ``None``."""
    beginning = f"{names.prediction}_"
    there = [str(name) for name in frame.columns]
    columns = [name for name in there if name.startswith(beginning)]
    if names.prediction in there or not columns or isinstance(truth, MultiLabelPredictions):
        return None
    outputs = [name.removeprefix(beginning) for name in columns]
    if isinstance(truth, MultiOutputPredictions):
        return list(dict.fromkeys([*truth.outputs, *outputs]))
    # One value that is neither 0 nor 1 is a slip; a column of them is something else.
    texts = [frame[name].astype(str).str.lower() for name in columns]
    share = [(~one.isin(["0", "1", "0.0", "1.0", "true", "false", ""])).mean() for one in texts]
    return outputs if len(frame) and max(share) > 0.5 else None


def _find_kind(frame: pd.DataFrame, found: TableColumns, truth: AnyPredictions | None) -> str:
    """Say what kind of answers a table holds."""
    if found.outputs is not None:
        return "outputs"
    if found.several:
        return "multilabel"
    if isinstance(truth, TagPredictions) or {"tokens", "starts"} <= set(map(str, frame.columns)):
        return "tags"
    answers = frame[found.predictions[""]]
    lists = all(
        (not isinstance(one, str) and hasattr(one, "__iter__"))
        or (str(one).startswith("[") and str(one).endswith("]"))
        for one in answers.head(20)
    )
    return "tags" if lists and len(answers) else "single"


def _output_problems(found: Collection[str], known: Collection[str]) -> list[Problem]:
    unknown = [output for output in found if output not in known]
    if not unknown:
        return []
    message = f"must be those of the other model, {excerpt(known, 20)}, but not {excerpt(unknown)}."
    return [Problem("outputs", message)]


def _tag_problem(column: str) -> Problem:
    message = (
        "must be one label a row, but holds the tags of tokens. They can be compared with a model "
        "whose predictions.parquet dsf has written: it has the tokens and the truth."
    )
    return Problem(f"column {column!r}", message)


def _id_problems(frame: pd.DataFrame, column: str) -> list[Problem]:
    if column not in frame.columns:
        return []
    where, ids = f"column {column!r}", frame[column]
    lists = [place for place, one in enumerate(ids) if not pd.api.types.is_hashable(one)]
    if lists:
        message = (
            f"must be a number or a text in every row, but is {excerpt(ids.iloc[lists], 2)} in "
            f"{count(len(lists), 'row')} {excerpt(np.add(lists, 1))}, counted from 1."
        )
        return [Problem(where, message)]
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
    truth: AnyPredictions | None, names: PredictionColumns, kind: str
) -> list[Problem]:
    if isinstance(truth, _KINDS[kind]):
        return []
    target = {"multilabel": f"{names.target}_<label>", "outputs": f"{names.target}_<output>"}.get(
        kind, names.target
    )
    message = "must be there for the truth, since no other model on the same rows has it"
    if truth is not None:
        message = "must be there for the truth, since the other model's is of another kind"
    return [Problem(f"column '{target}'", f"{message}.")]


def _unknown_rows(ids: Any, known: Any) -> Problem:
    message = (
        f"must be rows that the other model answered, whose truth is used, but "
        f"{count(len(ids), 'row')} {'is' if len(ids) == 1 else 'are'} not: {excerpt(ids)}. Its ids "
        f"are like {excerpt(known, 1)}. Leave them out by --common-rows (common_rows in Python), "
        "if they are meant to be here."
    )
    return Problem("rows", message)
