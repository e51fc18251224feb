"""Rows that an older model has learned from, and that it should not be judged on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dsf.core.run_record import RunRecord

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["count_seen"]

_LEARNED = ("train", "validation")


def count_seen(rows: pd.DataFrame, text_column: str, run: Path, here: Path) -> int:
    """Count test rows among those that another run has trained and chosen on.

    They are found by their ids if both runs split the same data, else by their texts.

    Args:
        rows: The test rows.
        text_column: Column of the texts.
        run: The other run.
        here: The run that the rows are of.
    """
    column = "row_id" if _same_data(run, here) else text_column
    parts = [run / "1_split" / f"{part}.parquet" for part in _LEARNED]
    found = [pd.read_parquet(path) for path in parts if path.is_file()]
    seen = [part[column] for part in found if column in part]
    if not seen or column not in rows:
        return 0
    return int(rows[column].isin(pd.concat(seen)).sum())


def _same_data(run: Path, here: Path) -> bool:
    try:
        first, second = (RunRecord.read(each).data_hash for each in (run, here))
    except OSError:
        return False
    return bool(first) and first == second
