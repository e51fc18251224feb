"""What the existing model answered earlier, from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.errors import IncumbentError, Problem
from dsf.core.excerpts import count, excerpt
from dsf.core.row_matching import id_text
from dsf.core.table_files import read_table
from dsf.incumbents.answers.columns import read_columns
from dsf.incumbents.incumbent import Incumbent

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PredictionsFile"]


class PredictionsFile(Incumbent):
    """Answers rows with what a CSV or Parquet file says of them.

    The file has a row for each row that is tested, in any order, found by its id. Rows of the
    training and validation part may be in it too: who answers the whole data set need not know
    how it will be split.

    ================  ===========================================================================
    one label         ``prediction``, ``probability_<label>`` …; either may be left out
    several outputs   ``prediction_<output>``, ``probability_<output>_<label>`` …
    any number        ``prediction_<label>`` (0 or 1), ``probability_<label>`` …
    tags              ``prediction``, ``confidence``: lists, or text: JSON, or tags with blanks
    ================  ===========================================================================

    These are the columns that dsf itself writes, so that the ``predictions.parquet`` of any run
    can be named.

    Args:
        path: The file: ``.csv``, ``.tsv`` or ``.parquet``.
        id_column: Column that tells the rows apart, in the file and in the rows alike.
        **labels: What :class:`dsf.incumbents.Incumbent` takes.
    """

    def __init__(self, path: Path | str, *, id_column: str = "row_id", **labels: Any) -> None:
        super().__init__(**labels)
        self.path = Path(path)
        self.id_column = id_column
        self._known: set[str] = set()

    def fit(self, rows: pd.DataFrame, validation: pd.DataFrame | None = None) -> None:
        """Take note of ids that the file may have besides those that are asked for."""
        for part in (rows, validation):
            if part is not None and self.id_column in part:
                self._known |= set(part[self.id_column].map(id_text))

    def answer(self, rows: pd.DataFrame, labels: Any) -> Any:
        """Find the answer to each row.

        Raises:
            DataError: If it cannot be read.
            IncumbentError: If there is no such file, a column is not there, or ids are missing,
                repeat or are unknown; lists them all.
        """
        if not self.path.is_file():
            message = "a file of predictions must be here (eval_config.path), but is not."
            raise IncumbentError(self._headline(), [Problem(str(self.path), message)])
        table = read_table(self.path)
        problems = [
            Problem(where, f"must have a column {self.id_column!r}, but has {excerpt(columns, 20)}")
            for where, columns in ((str(self.path), list(table)), ("the rows", list(rows)))
            if self.id_column not in columns
        ]
        if problems:
            raise IncumbentError(self._headline(), problems)
        wanted, found = rows[self.id_column].map(id_text), table[self.id_column].map(id_text)
        answers, faults = read_columns(table, self.label_kind, labels, self.label_columns)
        if texts := [*self._id_problems(wanted, found), *faults]:
            where = str(self.path)
            raise IncumbentError(self._headline(), [Problem(where, text) for text in texts])
        places = dict(zip(found, range(len(table)), strict=True))
        return [answers[places[row]] for row in wanted]

    def name(self) -> str:
        """Give the name of the file."""
        return str(self.path)

    def _id_problems(self, wanted: pd.Series, found: pd.Series) -> list[str]:
        """Say which ids do not fit."""
        name = self.id_column
        strange = ~found.isin(self._known.union(wanted))
        checks: tuple[tuple[str, list[str]], ...] = (
            ("must answer every row, but {} {} are missing", list(wanted[~wanted.isin(found)])),
            ("must answer a row once, but {} {} repeat", _repeated(found)),
            ("must answer rows of the data set only, but {} {} are unknown", list(found[strange])),
            (
                "must be joined by what tells rows apart, but {} {} repeat in them",
                _repeated(wanted),
            ),
        )
        return [
            f"{text.format(name, excerpt(ids))} ({count(len(ids), 'id')})."
            for text, ids in checks
            if ids
        ]

    def _headline(self) -> str:
        return "The file of predictions cannot be used."


def _repeated(ids: pd.Series) -> list[str]:
    return list(ids[ids.duplicated()].unique())
