"""A fingerprint of rows, so that a run is never continued with other data."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["hash_rows"]

_STRETCH = 16_384  # rows that become objects of Python at once


def hash_rows(rows: pd.DataFrame, without: Collection[str] = ()) -> str:
    """Hash the content of a table: names of columns, values, and the order of both.

    Cells that are lists or arrays count by their content.

    Args:
        rows: Any table; its index does not count.
        without: Columns that do not count either.

    Returns:
        SHA-256 in hexadecimal; the same in every process and on every machine.
    """
    digest = hashlib.sha256()
    for name in (name for name in rows.columns if name not in without):
        values = rows[name].reset_index(drop=True)
        digest.update(f"{name}\0".encode())
        for start in range(0, len(values), _STRETCH):
            stretch = _hashable(values.iloc[start : start + _STRETCH])
            hashes = pd.util.hash_pandas_object(stretch, index=False)
            digest.update(hashes.to_numpy().tobytes())
    return digest.hexdigest()


def _hashable(values: pd.Series) -> pd.Series:
    """Write cells that pandas cannot hash (lists, arrays, dicts) as text."""
    first = values.iloc[0] if len(values) else None
    if isinstance(first, list | tuple | dict | set | np.ndarray):
        return values.map(_as_text)
    return values


def _as_text(cell: object) -> str:
    return repr(cell.tolist()) if isinstance(cell, np.ndarray) else repr(cell)
