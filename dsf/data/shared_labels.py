"""Tables of one data set whose labels a reader spread over columns, each on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.data.label_layout import LABELS_ATTRIBUTE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["share_label_columns"]


def share_label_columns(parts: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Give every part a 0/1 column for each label that any of them has.

    A file knows only the labels that occur in it. Parts that have the same labels already, or
    whose labels were not spread, stay as they are.

    Args:
        parts: Part → its rows.
    """
    spread = {part: rows.attrs.get(LABELS_ATTRIBUTE, []) for part, rows in parts.items()}
    if len(set(map(tuple, spread.values()))) == 1:
        return dict(parts)
    names = sorted(set().union(*spread.values()))
    return {part: _add_columns(rows, names) for part, rows in parts.items()}


def _add_columns(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    absent = [name for name in names if name not in rows.attrs.get(LABELS_ATTRIBUTE, [])]
    added = rows.assign(**{name: np.zeros(len(rows), dtype=np.int8) for name in absent})
    added.attrs[LABELS_ATTRIBUTE] = names
    return added
