"""What is kept of the rows that were answered: enough to show them, and to cut them into slices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dsf.base.scoring import name_scoring_columns
from dsf.core.prediction_files import write_frame
from dsf.data import name_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["ROWS_FILE", "keep_rows", "read_kept_rows"]

ROWS_FILE = "rows.parquet"

_WIDE = 32
"""Columns beyond which a table is one of numbers to learn from, not of things to tell apart."""


def keep_rows(rows: pd.DataFrame, config: Mapping[str, Any], folder: Path) -> None:
    """Write the columns by which a person knows a row again.

    That is ``row_id``, the text, whatever the config names (slices, groups), and all others that
    hold single values, unless they are very many. Labels and tags stand with the answers.

    Args:
        rows: The rows.
        config: The resolved config.
        folder: Where the file goes.
    """
    if "row_id" not in rows.columns:
        return
    dataset = config["dataset_config"]
    named = {"row_id", name_text(dataset), dataset.get("group_column")}
    named |= {config["bootstrap_config"]["group_column"], *name_scoring_columns(config)}
    single = [name for name in rows.columns if name in named or _is_single(rows[name])]
    if len(single) > _WIDE:
        single = [name for name in single if name in named]
    write_frame(rows[single].reset_index(drop=True), folder / ROWS_FILE)


def read_kept_rows(folder: Path) -> pd.DataFrame | None:
    """Read what :func:`keep_rows` wrote; ``None`` if there is nothing."""
    path = folder / ROWS_FILE
    return pd.read_parquet(path) if path.is_file() else None


def _is_single(values: pd.Series) -> bool:
    """Whether a column holds one value a row that a person can read, and not lists or bytes."""
    if values.dtype != object:
        return True
    first = values.dropna().head(1)
    return first.empty or isinstance(first.iloc[0], str | int | float | bool)
