"""What rows must be before anything is done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import count, excerpt

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_rows"]


def check_rows(rows: pd.DataFrame, label_column: str | None, source: str) -> None:
    """Check that rows can be split and learned from.

    Args:
        rows: The whole data set.
        label_column: Column with one label a row; ``None`` leaves labels unchecked.
        source: Where the rows come from, for the message.

    Raises:
        DataError: Lists everything that is wrong: no rows, no label column, missing labels,
            fewer than two labels, row ids that repeat.
    """
    problems = _row_problems(rows)
    if len(rows) and label_column is not None:
        problems += _label_problems(rows, label_column)
    if problems:
        raise DataError(f"The data cannot be used ({source}).", problems)


def _row_problems(rows: pd.DataFrame) -> list[Problem]:
    if not len(rows):
        return [Problem("rows", "there must be at least one, but the data is empty.")]
    if "row_id" in rows.columns and rows["row_id"].duplicated().any():
        repeated = rows.loc[rows["row_id"].duplicated(), "row_id"]
        return [Problem("row_id", f"must be unique, but these repeat: {excerpt(repeated)}.")]
    return []


def _label_problems(rows: pd.DataFrame, label_column: str) -> list[Problem]:
    if label_column not in rows.columns:
        columns = ", ".join(map(str, rows.columns[:20]))
        return [
            Problem(
                label_column,
                f"must be a column (dataset_config.label_column), but the columns are: {columns}.",
            )
        ]
    labels = rows[label_column]
    missing = labels.isna().to_numpy()
    problems = []
    if missing.any():
        at = missing.nonzero()[0]
        problems.append(
            Problem(
                label_column,
                f"must be set, but is missing in {count(len(at), 'row')}: {excerpt(at)}.",
            )
        )
    found = labels.dropna().unique()
    if len(found) < 2:
        shown = ", ".join(repr(label) for label in found.tolist()) or "none"
        problems.append(
            Problem(label_column, f"must have two or more different labels, but has only {shown}.")
        )
    return problems
