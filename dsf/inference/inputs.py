"""What a caller asks about, made into rows; all that is wrong is told before any computing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import excerpt, first_problems
from dsf.core.tag_checks import are_in_place
from dsf.data.readers.entities import tag_entities
from dsf.data.readers.tagged import TaggedRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.core.bundle import BundleLabels

__all__ = ["check_truth", "read_inputs"]

_HEADLINE = "The texts cannot be answered."


def read_inputs(asked: Any, text_column: str, *, with_words: bool) -> pd.DataFrame:
    """Make rows of what a caller gave.

    Args:
        asked: Texts in a list, a Series or an array; or a table with the column of the texts.
            With words, a row may be a list of words instead of a text, and a table may have
            ``tokens`` instead, or besides, with ``starts``.
        text_column: Column of the texts in a table.
        with_words: Whether rows have words, each of which is answered.

    Returns:
        Column ``text``; with words ``tokens`` and ``starts`` (character at which each begins).
        Further columns of a table stay, and so does the index.

    Raises:
        DataError: If a text is missing, empty, of another type or no valid Unicode, or a column
            is lacking; lists the rows, counted from 0.
    """
    if isinstance(asked, pd.DataFrame):
        return _read_frame(asked, text_column, with_words=with_words)
    if isinstance(asked, str) or not hasattr(asked, "__iter__") or isinstance(asked, dict):
        message = (
            "must be a list of texts, a Series, or a table with the column "
            f"{text_column!r}, but are a {type(asked).__name__}. Put a single text into a list."
        )
        raise DataError(_HEADLINE, [Problem("texts", message)])
    index = asked.index if isinstance(asked, pd.Series) else None
    values = pd.Series(list(asked), index=index, dtype=object)
    if with_words and len(values) and not any(isinstance(one, str) for one in values):
        return _read_frame(pd.DataFrame({"tokens": values}), text_column, with_words=True)
    return _read_frame(pd.DataFrame({text_column: values}), text_column, with_words=with_words)


def check_truth(rows: pd.DataFrame, labels: BundleLabels) -> None:
    """Check that rows have an identity and the columns of their true labels.

    Args:
        rows: The rows.
        labels: What the bundle answers.

    Raises:
        DataError: If columns are lacking; lists all.
    """
    missing = [name for name in ("row_id", *labels.columns) if name not in rows.columns]
    if missing:
        raise DataError("The rows cannot be scored.", [_lacks(rows, name) for name in missing])


def _read_frame(table: pd.DataFrame, text_column: str, *, with_words: bool) -> pd.DataFrame:
    if with_words and "tokens" in table.columns:
        return _read_words(table, text_column)
    if text_column not in table.columns:
        raise DataError(_HEADLINE, [_lacks(table, text_column)])
    values = table[text_column].tolist()
    _check([_text_fault(value) for value in values])
    rows = table.assign(text=pd.Series(values, index=table.index, dtype=object))
    if with_words:
        words = [_cut(text) for text in values]
        rows["tokens"] = _column((tokens for tokens, _ in words), table)
        rows["starts"] = _column((starts for _, starts in words), table)
    return rows


def _read_words(table: pd.DataFrame, text_column: str) -> pd.DataFrame:
    """Take words as they are; without their text they stand one space apart."""
    _check([_words_fault(value) for value in table["tokens"]])
    words = [[str(word) for word in value] for value in table["tokens"]]
    if text_column in table.columns and "starts" in table.columns:
        texts = table[text_column].tolist()
        starts = [list(row) if isinstance(row, _LISTS) else None for row in table["starts"]]
        cells = zip(texts, starts, words, strict=True)
        _check([_text_fault(text) or _place_fault(text, at, row) for text, at, row in cells])
    else:
        texts = [" ".join(row) for row in words]
        starts = [_starts(row) for row in words]
    rows = table.assign(text=pd.Series(texts, index=table.index, dtype=object))
    rows["tokens"] = _column(words, table)
    rows["starts"] = _column(starts, table)
    return rows


_LISTS = (list, tuple, np.ndarray)


def _text_fault(value: Any) -> str:
    """Say what is wrong with a text; nothing if it can be answered."""
    if not isinstance(value, str):
        missing = value is None or value is pd.NA or (isinstance(value, float) and value != value)
        came = "is missing" if missing else f"is {value!r}, a {type(value).__name__}"
        return f"must be a text, but {came}."
    if not value or value.isspace():
        return "must be a text that is not empty, but has nothing but white space."
    return "" if _is_unicode(value) else "must be Unicode, but has half of a character."


def _words_fault(value: Any) -> str:
    if not isinstance(value, _LISTS):
        return f"must be a list of words, as other rows are, but is {value!r}."
    if not len(value):
        return "must have a word, but has none."
    if not all(isinstance(word, str) and word and not word.isspace() for word in value):
        return f"must be words that are not empty, but are {excerpt(value)}."
    return "" if all(map(_is_unicode, value)) else "must be Unicode, but has half of a character."


def _place_fault(text: str, starts: Sequence[int] | None, words: Sequence[str]) -> str:
    fits = starts is not None and len(starts) == len(words) and are_in_place(text, starts, words)
    return "" if fits else "must have starts that say where in its text each word stands."


def _check(faults: Sequence[str]) -> None:
    problems = [Problem(f"row {row}", fault) for row, fault in enumerate(faults) if fault]
    if problems:
        raise DataError(_HEADLINE, first_problems(problems))


def _lacks(table: pd.DataFrame, column: str) -> Problem:
    shown = ", ".join(map(str, table.columns[:20]))
    return Problem(column, f"must be a column, but the columns are: {shown}.")


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _cut(text: str) -> tuple[list[str], list[int]]:
    """Cut a text into words and signs, as the readers of texts with entities do."""
    row = TaggedRow(0)
    row.text = text
    tag_entities(row, [], "iob2")
    return row.tokens, row.starts


def _starts(words: Sequence[str]) -> list[int]:
    ends = np.cumsum([len(word) + 1 for word in words])
    return [0, *ends[:-1].tolist()]


def _column(values: Any, table: pd.DataFrame) -> pd.Series:
    return pd.Series(list(values), index=table.index, dtype=object)
