"""Rows of numbers that a caller asks about; all that is wrong is told before any computing."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import excerpt, first_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["read_features", "to_numbers"]

_HEADLINE = "The rows cannot be answered."
_SHOWN = 20  # places that are told, of all that are wrong


def read_features(asked: Any, features: Sequence[str], *, gaps: bool = False) -> pd.DataFrame:
    """Make rows of what a caller gave.

    Args:
        asked: A table with the columns, in any order; or a list of rows as dicts; or rows of
            numbers in an array or a list, in the order of the columns, ``(rows, features)``.
        features: The columns.
        gaps: Whether a number may be missing.

    Returns:
        A table with these columns. Further columns of a table stay, and so does the index.

    Raises:
        DataError: If columns are lacking, hold something else than numbers, or a number is missing
            or beyond 32 bits; lists all columns, or the first rows, by ``row_id`` if they have one,
            else counted from 0.
    """
    table = asked if isinstance(asked, pd.DataFrame) else _to_table(asked, features)
    _check_columns(table, features)
    _check_values(table, features, gaps=gaps)
    return table


def to_numbers(rows: pd.DataFrame, features: Sequence[str]) -> np.ndarray:
    """Give rows as a network takes them: a gap is ``nan``. Shape: ``(rows, features)``, 32 bits.

    Args:
        rows: What :func:`read_features` gave.
        features: The columns.
    """
    found = rows[list(features)].to_numpy(np.float32, na_value=np.nan)
    # A copy: torch warns of memory that it may not write to, as that of a table often is.
    return np.array(found, order="C")


def _to_table(asked: Any, features: Sequence[str]) -> pd.DataFrame:
    """Name the columns of an array; none of its rows may be longer or shorter."""
    if isinstance(asked, list) and asked and all(isinstance(row, dict) for row in asked):
        return pd.DataFrame(asked)
    if isinstance(asked, str | dict | pd.Series) or not hasattr(asked, "__iter__"):
        came = f"are a {type(asked).__name__}"
    else:
        try:
            numbers = _to_array(asked)
        except ValueError:  # rows of many lengths
            came = "are rows of more than one length"
        else:
            if numbers.size == 0 and numbers.ndim < 2:
                numbers = numbers.reshape(0, len(features))
            if numbers.ndim == 2 and numbers.shape[1] == len(features):
                return pd.DataFrame(numbers, columns=list(features)).infer_objects()
            came = f"have the shape {numbers.shape}"
    message = (
        f"must be a table with the columns {excerpt(list(features))}, or rows of "
        f"{len(features)} numbers each, but {came}."
    )
    raise DataError(_HEADLINE, [Problem("rows", message)])


def _to_array(asked: Any) -> np.ndarray:
    values = asked if hasattr(asked, "__array__") else list(asked)
    array = np.asarray(values)
    # Where numbers stand beside something else, each column is judged by itself.
    return array if array.dtype.kind in "biufc" else np.array(values, dtype=object)


def _check_columns(table: pd.DataFrame, features: Sequence[str]) -> None:
    names = table.columns
    lacking = [name for name in features if name not in names]
    if lacking:
        shown = excerpt([str(name) for name in names], 20)
        message = f"must be columns, but are not; the columns are: {shown}."
        raise DataError(_HEADLINE, [Problem(excerpt(lacking), message)])
    twice = sorted(set(features) & set(names[names.duplicated()]))
    if twice:
        raise DataError(_HEADLINE, [Problem(excerpt(twice), "must be columns once, but repeat.")])
    wrong = [name for name in features if not _is_numeric(table[name])]
    if wrong:
        problems = [
            Problem(name, f"must hold numbers, but holds {table[name].dtype}.") for name in wrong
        ]
        raise DataError(_HEADLINE, first_problems(problems))


def _is_numeric(values: pd.Series[Any]) -> bool:
    kinds = pd.api.types
    return kinds.is_numeric_dtype(values) and not kinds.is_complex_dtype(values)


def _check_values(table: pd.DataFrame, features: Sequence[str], *, gaps: bool) -> None:
    with np.errstate(over="ignore"), warnings.catch_warnings():
        # What does not fit into 32 bits becomes infinite, and pandas says so in its own way.
        warnings.simplefilter("ignore", RuntimeWarning)
        numbers = table[list(features)].to_numpy(np.float32, na_value=np.nan)
    places = np.argwhere(np.isinf(numbers) if gaps else ~np.isfinite(numbers))
    called = "row_id" if "row_id" in table else "row"
    names = table["row_id"].tolist() if "row_id" in table else range(len(table))
    problems = []
    for row, column in places[:_SHOWN]:
        name = features[column]
        came = "is missing" if np.isnan(numbers[row, column]) else f"is {table[name].iloc[row]}"
        message = f"must be a number that 32 bits can hold, but {came}."
        problems.append(Problem(f"{called} {names[row]}, {name}", message))
    if len(places) > _SHOWN:
        problems.append(Problem("", f"… and {len(places) - _SHOWN} more."))
    if problems:
        raise DataError(_HEADLINE, problems)
