"""Moments of rows, as numbers or dates."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["is_text", "read_times", "unreadable_times"]


def read_times(times: pd.Series) -> pd.Series:
    """Read times that are text: all as numbers, or all as dates of ISO 8601; others stay text."""
    if not is_text(times) or not times.dropna().map(_is_written).all():
        return times
    errors = (ValueError, TypeError, OverflowError)
    with contextlib.suppress(*errors):
        return pd.to_numeric(times)
    with contextlib.suppress(*errors):
        return pd.to_datetime(times, format="ISO8601", utc=True)
    return times


def unreadable_times(times: pd.Series) -> np.ndarray:
    """Find the texts that are neither a number nor a date of ISO 8601. Shape: ``(found,)``."""
    texts = times.where(times.map(_is_written).to_numpy(dtype=bool), "0")
    dates = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    numbers = pd.to_numeric(texts, errors="coerce")
    return np.flatnonzero((dates.isna() & numbers.isna()).to_numpy())


def is_text(times: pd.Series) -> bool:
    """Whether a column may hold text."""
    return pd.api.types.is_object_dtype(times) or pd.api.types.is_string_dtype(times)


def _is_written(time: Any) -> bool:
    return isinstance(time, str)
