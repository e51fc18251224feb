"""Rows with a text and 0/1 labels, as a multi-label model learns from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import count, excerpt
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

__all__ = ["process_data"]

_BINARY = {"0": 0, "1": 1, "0.0": 0, "1.0": 1, "false": 0, "true": 1}  # as the readers have it


def process_data(
    data: pd.DataFrame, text_column: str, labels_columns: Sequence[str]
) -> pd.DataFrame:
    """Check rows, and make texts text and labels 0 or 1.

    Args:
        data: The rows; stay as they are.
        text_column: Column of the texts.
        labels_columns: A 0/1 column for each label.

    Returns:
        The rows with all their columns, labels as int8.

    Raises:
        DataError: If a column is not there, a text is missing or empty, or a label is neither 0
            nor 1, as a number, a text or false and true; lists them, with rows counted from 0.
    """
    wanted, there = [text_column, *labels_columns], list(map(str, data.columns))
    problems = [
        Problem(name, f"must be a column of the data.{did_you_mean(name, there)}")
        for name in wanted
        if name not in data.columns
    ]
    labels = {} if problems else {name: data[name].map(_as_label) for name in labels_columns}
    if not problems:
        problems = _cell_problems(data[text_column], labels)
    if problems:
        raise DataError("The rows cannot be used.", problems)
    labels = {name: column.astype(np.int8) for name, column in labels.items()}
    return data.assign(**{text_column: data[text_column].astype("str")}, **labels)


def _as_label(cell: Any) -> int | None:
    return _BINARY.get(str(cell).strip().lower())


def _cell_problems(texts: pd.Series, labels: Mapping[str, pd.Series]) -> list[Problem]:
    empty = (texts.isna() | (texts.astype("str").str.strip() == "")).to_numpy(dtype=bool)
    wrong = {str(texts.name): ("must have text, but has none", empty)}
    for name, column in labels.items():
        wrong[name] = ("must be 0 or 1, but is not", column.isna().to_numpy(dtype=bool))
    return [
        Problem(name, f"{law} in {count(int(bad.sum()), 'row')}: {excerpt(np.flatnonzero(bad))}.")
        for name, (law, bad) in wrong.items()
        if bad.any()
    ]
