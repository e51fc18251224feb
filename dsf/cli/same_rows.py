"""Whether two runs have answered the same rows: their ids alone do not say it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from dsf.cli.prediction_sources import PredictionSource

__all__ = ["check_same_rows"]


def check_same_rows(
    first: PredictionSource, second: PredictionSource, ids: np.ndarray
) -> list[str]:
    """Refuse two runs that call other rows by the same ids, ``0, 1, 2 …`` say.

    Runs of the same data need no look at the rows. Of a file nothing is known but its ids.

    Args:
        first: What was named first.
        second: What was named second.
        ids: Rows that both have answered.

    Returns:
        What is to be said, in sentences: nothing, or that it is not known.

    Raises:
        DataError: If a row is not the same one; names the columns and the ids.
    """
    from dsf.cli.prediction_sources import read_rows

    if first.run is None or second.run is None:
        return []
    hashes = {_data_hash(side) for side in (first, second)}
    if len(hashes) == 1 and hashes != {None}:
        return []
    lacking = [str(side.named) for side in (first, second) if side.rows is None]
    if first.rows is None or second.rows is None:
        return [
            "It is not known whether ids mean the same rows on both sides: "
            f"{' and '.join(lacking)} kept no rows.parquet."
        ]
    mine, theirs = (read_rows(path, "row_id") for path in (first.rows, second.rows))
    shared = [name for name in mine.columns if name in theirs.columns and name != "row_id"]
    if not shared:
        return [
            "It is not known whether ids mean the same rows on both sides: what was kept of them "
            "has no column in common."
        ]
    _compare_rows(mine, theirs, shared, ids)
    return []


def _compare_rows(
    mine: pd.DataFrame, theirs: pd.DataFrame, shared: list[str], ids: np.ndarray
) -> None:
    from dsf.core.errors import DataError, Problem
    from dsf.core.excerpts import count, excerpt, first_problems
    from dsf.core.row_matching import find_rows

    places = [find_rows(ids, side["row_id"].to_numpy()) for side in (mine, theirs)]
    there = (places[0] >= 0) & (places[1] >= 0)
    problems = []
    for name in shared:
        one, other = (
            _as_text(side[name].iloc[at[there]])
            for side, at in zip((mine, theirs), places, strict=True)
        )
        wrong = [a != b for a, b in zip(one, other, strict=True)]
        if any(wrong):
            message = (
                "must be the same on both sides, for the ids to mean the same rows, but differs in "
                f"{count(sum(wrong), 'row')}: {excerpt(ids[there][wrong])}. Compare runs that "
                "were tested on the same rows."
            )
            problems.append(Problem(f"column {name!r}", message))
    if problems:
        raise DataError("The two runs have answered other rows.", first_problems(problems))


def _as_text(values: pd.Series[Any]) -> list[str]:
    """Write values so that numbers, and what is missing, read alike from every file."""
    from dsf.core.row_matching import id_text

    missing = values.isna().to_numpy()
    return ["" if gone else id_text(one) for one, gone in zip(values, missing, strict=True)]


def _data_hash(side: PredictionSource) -> str | None:
    """Give the hash of the rows that a run has split; ``None`` if it is not known."""
    from dsf.core.run_record import RECORD_FILE

    assert side.run is not None
    try:
        record = json.loads((side.run / RECORD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # kept without it, or by another version: the rows will tell
        return None
    found = record.get("data_hash") if isinstance(record, dict) else None
    return found or None
