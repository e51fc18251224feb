"""Parts of the rows that are looked at by themselves: a language, a channel, short texts."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from dsf.core.errors import ConfigError, Problem
from dsf.core.excerpts import excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Slice", "cut_slices"]

_MOST_VALUES = 20
"""Different values of a column; numbers of more are cut into quarters."""

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


def cut_slices(
    rows: pd.DataFrame, columns: Sequence[str], text_column: str | None = None
) -> list[Slice]:
    """Cut rows into slices, by the values of columns.

    Numbers of many different values are cut into four parts of like size. ``length``, where it is
    no column, is the number of characters of the text.

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
            message = f"must name columns of the test rows: {column!r} is none of {known}."
            problems.append(Problem("comparison_config.slices", message))
            continue
        groups = _groups(values)
        if groups.nunique() > _MOST_VALUES:
            message = (
                f"must have at most {_MOST_VALUES} different values to make slices of, but "
                f"{column!r} has {groups.nunique()}."
            )
            problems.append(Problem("comparison_config.slices", message))
            continue
        for value in groups.cat.categories:
            places = np.flatnonzero((groups == value).to_numpy())
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


def _groups(values: pd.Series[Any]) -> pd.Series[Any]:
    """Give the slice of each row as an ordered category; a missing value is one, too."""
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if numeric and values.nunique() > _MOST_VALUES:
        edges = np.unique(values.quantile([0.25, 0.5, 0.75, 1]).to_numpy())
        places = np.searchsorted(edges, values.to_numpy(dtype=np.float64, na_value=edges[-1]))
        names = [f"up to {edges[0]:g}"]
        names += [f"above {low:g} to {high:g}" for low, high in pairwise(edges)]
        cut = pd.Categorical.from_codes(places, pd.Index(names), ordered=True)
        groups: pd.Series[Any] = pd.Series(cut, index=values.index).where(values.notna())
    else:
        groups = values.astype("category")
    if groups.isna().any():
        groups = groups.cat.add_categories([_MISSING]).fillna(_MISSING)
    return groups
