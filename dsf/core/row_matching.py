"""Rows of two files found again by their ids, though one has numbers where the other has text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import numpy as np

__all__ = ["comparable_ids", "find_rows"]


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
    """Make the ids of two sides comparable: where only one has numbers, both become text.

    A CSV file knows no types: its ids are text, those of a table beside it may be numbers.

    Args:
        first: Shape: ``(rows,)``.
        second: Shape: ``(other rows,)``.
    """
    one, other = pd.Index(first), pd.Index(second)
    if _are_numbers(one) == _are_numbers(other):
        return one, other
    texts = one.map(str), other.map(str)
    return texts if texts[0].is_unique and texts[1].is_unique else (one, other)


def _are_numbers(ids: pd.Index) -> bool:
    return bool(pd.api.types.is_numeric_dtype(ids.dtype))
