"""``hash``: a row's content alone decides, whatever stands beside it and in whichever order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dsf.core.errors import DataError, Problem
from dsf.data.scoring_columns import SCORING_ATTRIBUTE

if TYPE_CHECKING:
    from dsf.data.splits.request import SplitRequest

__all__ = ["split_by_hash"]

_BATCH = 100_000


def split_by_hash(request: SplitRequest) -> np.ndarray:
    """Put each row where its hash says. Shape: ``(rows,)``, numbers of parts.

    Rows that come later move no row from its part, as long as the ratios stay. Equal rows come
    into the same part, so that none leaks. Shares are met on average only.

    Raises:
        DataError: If a column is not there or has missing values, or no column is left.
    """
    rows = request.rows
    left_out = {"row_id", *rows.attrs.get(SCORING_ATTRIBUTE, ())}
    names = request.hash_columns or tuple(name for name in rows.columns if name not in left_out)
    if not names:
        message = "must name a column, or the rows need one besides row_id."
        raise DataError("The rows cannot be split.", [Problem("hash_columns", message)])
    columns = request.filled(names) if request.hash_columns else [rows[name] for name in names]
    position = np.empty(len(rows))
    for start in range(0, len(rows), _BATCH):
        cells = [column.iloc[start : start + _BATCH] for column in columns]
        position[start : start + _BATCH] = _hash(cells, request.seed) / 2.0**64
    bounds = np.cumsum(request.shares)[:-1]
    return np.searchsorted(bounds, position, side="right").astype(np.int64)


def _hash(columns: list[pd.Series], seed: int) -> np.ndarray:
    """Hash rows of cells, as text, so that the way a number is stored does not count."""
    mixed = np.full(len(columns[0]), (seed * 0x9E3779B97F4A7C15) % 2**64, dtype=np.uint64)
    for column in columns:
        text = np.asarray([repr(cell) for cell in column.tolist()], dtype=object)
        hashed = pd.util.hash_array(text, categorize=False)
        mixed = _mix(mixed ^ hashed)
    return mixed


def _mix(values: np.ndarray) -> np.ndarray:
    """Scatter 64 bits (the finaliser of SplitMix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(values ^ (values >> np.uint64(31)), dtype=np.uint64)
