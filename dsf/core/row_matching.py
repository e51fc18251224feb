"""Rows of two files found again by their ids, however these were stored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from dsf.core.prediction_files import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

__all__ = ["comparable_ids", "find_rows", "id_text"]

_WHOLE_FLOAT = re.compile(r"-?\d+\.0")


def find_rows(wanted: Any, known: Any) -> np.ndarray:
    """Find the place of each wanted row among the known ones; -1 if it is not there.

    Args:
        wanted: Ids, each once. Shape: ``(wanted,)``.
        known: Ids, each once. Shape: ``(known,)``.

    Returns:
        Shape: ``(wanted,)``.
    """
    first, second = comparable_ids(wanted, known)
    return second.get_indexer(first)


def comparable_ids(first: Any, second: Any) -> tuple[pd.Index, pd.Index]:
    """Make the ids of two sides comparable: unless both are of one kind, both become text.

    A CSV file knows no types: its ids are text, those of a table beside it may be numbers. And
    whole numbers become ``58.0`` wherever a column has once had a gap.

    Args:
        first: Shape: ``(rows,)``.
        second: Shape: ``(other rows,)``.
    """
    one, other = pd.Index(first), pd.Index(second)
    kind = _kind(one)
    if kind is not None and kind == _kind(other) and kind != "text":
        return one, other
    mine, theirs = _texts(one), _texts(other)
    if _all_floats(mine) != _all_floats(theirs):  # text of 58.0 beside 58
        mine, theirs = (_without_points(texts) for texts in (mine, theirs))
    texts = pd.Index(mine, dtype=object), pd.Index(theirs, dtype=object)
    return texts if texts[0].is_unique and texts[1].is_unique else (one, other)


def id_text(value: Any) -> str:
    """Write an id as text; a whole number is written without a point, though it is a float."""
    value = plain(value)
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value)


def _kind(ids: pd.Index) -> str | None:
    """Give what two sides must have in common to be compared as they are."""
    if pd.api.types.is_integer_dtype(ids.dtype):
        return "unsigned" if ids.dtype.kind == "u" else "integers"
    return "text" if pd.api.types.infer_dtype(ids, skipna=False) == "string" else None


def _texts(ids: pd.Index) -> list[str]:
    return list(ids) if _kind(ids) == "text" else [id_text(value) for value in ids.tolist()]


def _all_floats(texts: Sequence[str]) -> bool:
    return bool(texts) and all(_WHOLE_FLOAT.fullmatch(text) for text in texts)


def _without_points(texts: Sequence[str]) -> list[str]:
    return [text.removesuffix(".0") for text in texts] if _all_floats(texts) else list(texts)
