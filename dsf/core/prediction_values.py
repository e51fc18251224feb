"""What stands in the columns of a table of predictions, made into arrays; all faults are kept."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.errors import Problem
from dsf.core.excerpts import excerpt
from dsf.core.label_spelling import find_alike, spelling_problems
from dsf.core.prediction_files import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

__all__ = ["TableValues"]

_SWITCHES = {"true": "1", "false": "0"}
_ROUNDING = 1e-3  # how far the sum of a row of rounded probabilities may be off


class TableValues:
    """Reads columns; what is wrong is kept and not raised, so that all of it can be told at once.

    Args:
        frame: The table.
        ids: Id of each row, as messages call it. Shape: ``(rows,)``.

    Attributes:
        problems: What was wrong in the columns that were read.
    """

    def __init__(self, frame: pd.DataFrame, ids: np.ndarray) -> None:
        self.frame = frame
        self.ids = ids
        self.problems: list[Problem] = []
        self._told = {""}  # values whose fault is told already: what is missing, and slips

    def texts(self, column: str) -> np.ndarray:
        """Read labels as text. Shape: ``(rows,)``."""
        found = self.frame[column]
        missing = (found.isna() | (found.astype(str) == "")).to_numpy()
        self._report(column, "must be a label in every row, but is missing in", missing)
        return np.array([str(plain(value)) for value in found.tolist()], dtype=object)

    def switches(self, columns: Sequence[str]) -> np.ndarray:
        """Read 0 and 1. Shape: ``(rows, columns)``."""
        found = np.zeros((len(self.ids), len(columns)), dtype=np.int8)
        for place, column in enumerate(columns):
            numbers = self._numbers(column, _SWITCHES)
            wrong = ~np.isin(numbers, (0, 1))
            self._report_values(column, "must be 0 or 1", wrong)
            found[:, place] = np.where(wrong, 0, numbers)
        return found

    def probabilities(self, columns: Sequence[str], *, sum_to_one: bool) -> np.ndarray:
        """Read numbers between 0 and 1. Shape: ``(rows, columns)``.

        Args:
            columns: Where they are.
            sum_to_one: Whether those of a row must.
        """
        found = np.column_stack([self._numbers(column, {}) for column in columns])
        inside = (found >= 0) & (found <= 1)
        for place, column in enumerate(columns):
            self._report_values(column, "must be numbers between 0 and 1", ~inside[:, place])
        if sum_to_one:
            sums = found.sum(axis=1)
            off = inside.all(axis=1) & (np.abs(sums - 1) > _ROUNDING)
            message = f"of a row must sum to 1, but sum to {excerpt(sums[off].round(6))} in"
            self._report("probabilities", message, off)
        return found

    def check_known(self, column: str, texts: np.ndarray, known: Mapping[str, Any]) -> None:
        """Keep a problem if labels are not among those that are known."""
        unknown = ~np.isin(texts, [*known, *self._told])
        found = excerpt(dict.fromkeys(texts[unknown].tolist()))
        labels = excerpt(known, 20)
        self._report(column, f"must be one of the labels {labels}, but is {found} in", unknown)

    def check_probable(self, column: str, texts: np.ndarray, columns: Mapping[str, str]) -> None:
        """Keep a problem if a label is answered that has no probability, where others have one."""
        bare = ~np.isin(texts, [*columns, *self._told])
        found = excerpt(dict.fromkeys(texts[bare].tolist()))
        law = f"must be a label that has a column of probabilities, {excerpt(columns.values(), 20)}"
        message = f"{law}, but is {found}. Add that column, or leave all of them out; it concerns"
        self._report(column, message, bare)

    def check_spelling(self, column: str, texts: np.ndarray, known: Collection[str]) -> None:
        """Keep a problem of labels that are not known, but for another spelling."""
        alike = find_alike(sorted(set(texts.tolist()).difference(known)), sorted(known))
        rows = {label: self.ids[texts == label] for label in alike}
        self._told.update(alike)
        self.problems += spelling_problems(f"column {column!r}", alike, rows, "the file")

    def tags(self, column: str, lengths: Sequence[int]) -> list[list[str]]:
        """Read the tags of each row: a list, as JSON or as Python writes it, or words.

        Args:
            column: Where they are.
            lengths: How many tokens each row has.
        """
        found = [_as_list(value) for value in self.frame[column].tolist()]
        wrong = np.array(
            [len(tags) != length for tags, length in zip(found, lengths, strict=True)], dtype=bool
        )
        self._report(column, "must be one tag for each token, but has more or fewer in", wrong)
        return found

    def _numbers(self, column: str, words: Mapping[str, str]) -> np.ndarray:
        """Read numbers; NaN where there is none."""
        values = self.frame[column]
        if not pd.api.types.is_numeric_dtype(values):
            values = values.astype(str)
            if words:
                values = values.str.lower().replace(dict(words))
        return pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)

    def _report_values(self, column: str, law: str, wrong: np.ndarray) -> None:
        values = excerpt(dict.fromkeys(self.frame[column][wrong].astype(str)))
        self._report(column, f"{law}, but is {values} in", wrong)

    def _report(self, where: str, message: str, wrong: np.ndarray) -> None:
        if wrong.any():
            rows = "row" if wrong.sum() == 1 else f"{wrong.sum()} rows"
            told = f"{message} {rows} {excerpt(self.ids[wrong])}."
            self.problems.append(
                Problem(f"column {where!r}" if where in self.frame else where, told)
            )


def _as_list(value: Any) -> list[str]:
    """Take a list out of a cell."""
    if not isinstance(value, str):
        return [str(one) for one in value] if hasattr(value, "__iter__") else []
    if not value.lstrip().startswith("["):
        return value.split()
    for parse in (json.loads, ast.literal_eval):
        try:
            return [str(one) for one in parse(value)]
        except (ValueError, SyntaxError, TypeError):
            continue
    return []
