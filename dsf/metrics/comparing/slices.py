"""Parts of the rows that are looked at by themselves: a language, a channel, short texts."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.excerpts import count, excerpt
from dsf.core.prediction_files import repeated_problems
from dsf.core.row_matching import find_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["KEPT", "Slice", "align_rows", "cut_slices"]

KEPT = (
    "Of a file, a run keeps the columns that its config named, here or as "
    "dataset_config.keep_columns, when the rows were split."
)
"""Why rows may lack a column that their file has."""

_MOST_VALUES = 20
"""Different values of a column; numbers of more are cut into quarters."""

_QUARTERS = 4
_LENGTH = "length"
_MISSING = "(missing)"


class Slice(NamedTuple):
    """Some of the rows.

    Attributes:
        column: What they are told apart by.
        value: What they have in common, in words.
        rows: Their places. Shape: ``(rows of the slice,)``.
    """

    column: str
    value: str
    rows: NDArray[np.intp]


def align_rows(rows: pd.DataFrame, row_ids: Any) -> pd.DataFrame:
    """Give the rows that were answered, in the order of the answers.

    Args:
        rows: Rows with a column ``row_id``; more than were answered, if need be.
        row_ids: Ids of the answers. Shape: ``(answers,)``.

    Raises:
        DataError: If there is no such column, an id comes twice, or an answer has no row.
    """
    if "row_id" not in rows.columns:
        message = f"must have a column 'row_id', but have {excerpt(rows.columns, 20)}."
        problems = [Problem("rows", message)]
    elif not (problems := repeated_problems("rows.row_id", rows["row_id"].to_numpy())):
        places = find_rows(row_ids, rows["row_id"].to_numpy())
        missing = np.asarray(row_ids)[places < 0]
        if not len(missing):
            return rows.iloc[places].reset_index(drop=True)
        which = f"{count(len(missing), 'answer')}: {excerpt(missing)}"
        problems = [
            Problem("rows.row_id", f"must have every row that was answered, but not {which}.")
        ]
    raise DataError("The rows do not fit the answers.", problems)


def cut_slices(
    rows: pd.DataFrame, columns: Sequence[str], text_column: str | None = None
) -> list[Slice]:
    """Cut rows into slices, by the values of columns.

    Numbers of many different values, also those that a file has as text, are cut into four parts
    of like size. ``length``, where it is no column, is the number of characters of the text.

    Args:
        rows: The rows.
        columns: By which to cut; each by itself.
        text_column: Where the texts are.

    Raises:
        ConfigError: If a column is not there, or has too many different values; lists all.
    """
    problems, found = [], []
    for column in columns:
        values = _values(rows, column, text_column)
        if values is None:
            known = excerpt(rows.columns, 20)
            what = (
                f"the text column {text_column!r}"
                if column == _LENGTH and text_column
                else repr(column)
            )
            message = f"must name columns of the test rows: {what} is none of {known}. {KEPT}"
            problems.append(Problem("comparison_config.slices", message))
            continue
        try:
            groups = _groups(values, few=_MOST_VALUES if column in rows.columns else _QUARTERS)
        except TypeError:  # lists, say
            message = (
                f"must name columns of plain values, but {column!r} holds {excerpt(values, 1)}."
            )
            problems.append(Problem("comparison_config.slices", message))
            continue
        different = groups[groups != _MISSING].nunique()
        if different > _MOST_VALUES:
            message = (
                f"must have at most {_MOST_VALUES} different values to make slices of, but "
                f"{column!r} has {different}. Name a coarser one, such as the month of a "
                "date."
            )
            problems.append(Problem("comparison_config.slices", message))
            continue
        codes = groups.cat.codes.to_numpy()
        for code, value in enumerate(groups.cat.categories):
            places = np.flatnonzero(codes == code)
            if len(places):
                found.append(Slice(column, str(value), places))
    if problems:
        raise ConfigError("The rows cannot be cut into slices.", problems)
    return found


def _values(rows: pd.DataFrame, column: str, text_column: str | None) -> pd.Series[Any] | None:
    if column in rows.columns:
        return rows[column]
    if column == _LENGTH and text_column in rows.columns:
        return rows[text_column].str.len()
    return None


def _groups(values: pd.Series[Any], few: int) -> pd.Series[Any]:
    """Give the slice of each row as an ordered category; a missing value is one, too.

    Args:
        values: Of the rows.
        few: So many different numbers are slices of their own; more are cut into quarters.
    """
    numbers = _read_numbers(values) if values.nunique() > few else None
    if numbers is not None:
        values = numbers
        edges = np.unique(values.quantile([0.25, 0.5, 0.75, 1], "lower").to_numpy())
        places = np.searchsorted(edges, values.to_numpy(dtype=np.float64, na_value=edges[-1]))
        told = _write_apart(edges)
        names = [f"up to {told[0]}"]
        names += [f"above {low} to {high}" for low, high in pairwise(told)]
        cut = pd.Categorical.from_codes(places, pd.Index(names), ordered=True)
        groups: pd.Series[Any] = pd.Series(cut, index=values.index).where(values.notna())
    else:
        groups = values.astype("category")
    if groups.isna().any():
        if _MISSING not in groups.cat.categories:
            groups = groups.cat.add_categories([_MISSING])
        groups = groups.fillna(_MISSING)
    return groups


def _read_numbers(values: pd.Series[Any]) -> pd.Series[Any] | None:
    """Give a column as numbers, also if they are text, as in CSV; ``None`` if it has others."""
    if pd.api.types.is_bool_dtype(values):
        return None
    if pd.api.types.is_numeric_dtype(values):
        return values
    if not pd.api.types.is_string_dtype(values.dropna()):
        return None
    numbers = pd.to_numeric(values, errors="coerce")
    return numbers if (numbers.notna() == values.notna()).all() else None


def _write_apart(numbers: NDArray[Any]) -> list[str]:
    """Write different numbers as short as they stay different."""
    told = [f"{number:g}" for number in numbers]
    return told if len(set(told)) == len(told) else [f"{number:.17g}" for number in numbers]
