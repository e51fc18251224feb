"""Rows that an older model has learned from, and that it should not be judged on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pandas as pd

from dsf.core.errors import RunMismatchError
from dsf.core.run_record import RunRecord

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["count_seen", "warn_of_seen"]

log = logging.getLogger("dsf")

_LEARNED = ("train", "validation")


def warn_of_seen(name: str, seen: int, rows: int) -> str:
    """Warn that a model has learned from some of the test rows.

    Args:
        name: What it is called.
        seen: How many it has learned from.
        rows: How many there are.

    Returns:
        The warning, for who reads the comparison.
    """
    told = (
        f"{name} has learned from {seen} of the {rows} test rows: it will seem better than it is. "
        "Compare on rows that neither model has seen: keep the split as it was, by the same "
        "dataset_config.seed, or name others, by test_dataset_path."
    )
    log.warning("%s", told)
    return told


def count_seen(rows: pd.DataFrame, text_column: str, run: Path, here: Path) -> int:
    """Count test rows among those that another run has trained and chosen on.

    They are found by their ids if both runs split the same data, else by their texts, or by all
    that both have if there are none.

    Args:
        rows: The test rows, without their labels.
        text_column: Column of the texts.
        run: The other run.
        here: The run that the rows are of.
    """
    parts = [run / "1_split" / f"{part}.parquet" for part in _LEARNED]
    found = [pd.read_parquet(path) for path in parts if path.is_file()]
    if not found:
        return 0
    learned = pd.concat(found)
    columns = [str(name) for name in rows if name in learned]
    if _same_data(run, here):
        columns = ["row_id"]
    elif text_column in columns:
        columns = [text_column]
    else:
        columns.remove("row_id")  # of other data
    return int(_keys(rows, columns).isin(_keys(learned, columns)).sum()) if columns else 0


def _keys(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Give one number a row that is the same where the columns are."""
    return pd.util.hash_pandas_object(rows[columns].astype(str), index=False)


def _same_data(run: Path, here: Path) -> bool:
    try:
        first, second = (RunRecord.read(each).data_hash for each in (run, here))
    except (OSError, RunMismatchError):  # or written by another version: the texts will tell
        return False
    return bool(first) and first == second
