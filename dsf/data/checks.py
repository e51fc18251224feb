"""What rows must be before anything is done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import excerpt
from dsf.data.text_checks import find_tagged_problems, find_text_problems

if TYPE_CHECKING:
    import pandas as pd

    from dsf.data.label_layout import LabelLayout

__all__ = ["check_rows"]


def check_rows(
    rows: pd.DataFrame,
    layout: LabelLayout | None,
    source: str,
    *,
    text_column: str | None = None,
    label_names: Any = None,
) -> None:
    """Check that rows can be split and learned from.

    Args:
        rows: The whole data set.
        layout: Where the labels are; ``None`` leaves them unchecked.
        source: Where the rows come from, for the message.
        text_column: Column of the texts; ``None`` if rows are no texts.
        label_names: The labels there may be, if they are known: rows may then have but one.

    Raises:
        DataError: Lists everything that is wrong: no rows, no text, no label column, missing
            labels, labels that are unsafe as names, fewer than two labels, tags that do not fit
            their words or their scheme, row ids that repeat.
    """
    problems = _row_problems(rows)
    if len(rows) and text_column is not None:
        problems += find_text_problems(rows, text_column)
    if len(rows) and layout is not None:
        problems += layout.problems(rows, few=bool(label_names))
        if not problems and layout.kind == "tags" and text_column is not None:
            problems += find_tagged_problems(rows, layout.scheme)
    if problems:
        raise DataError(f"The data cannot be used ({source}).", problems)


def _row_problems(rows: pd.DataFrame) -> list[Problem]:
    if not len(rows):
        return [Problem("rows", "there must be at least one, but the data is empty.")]
    if "row_id" in rows.columns and rows["row_id"].duplicated().any():
        repeated = rows.loc[rows["row_id"].duplicated(), "row_id"]
        return [Problem("row_id", f"must be unique, but these repeat: {excerpt(repeated)}.")]
    return []
