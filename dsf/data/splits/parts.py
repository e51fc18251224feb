"""The parts of a split, and the door to every strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.suggestions import did_you_mean
from dsf.data.splits.request import SplitRequest
from dsf.data.splits.sizes import shares_of, sizes_of
from dsf.data.splits.stored import store_parts
from dsf.data.splits.table import STRATEGIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

__all__ = ["PARTS", "split_rows"]

PARTS = ("train", "validation", "test")


def split_rows(
    rows: pd.DataFrame,
    ratios: Mapping[str, float | None],
    *,
    strategy: str = "stratified",
    label_column: str | None = "label",
    seed: int = 42,
    label_columns: Sequence[str] = (),
    group_column: str | None = None,
    time_column: str | None = None,
    split_column: str | None = None,
    hash_columns: Sequence[str] = (),
    folds: int = 5,
    fold: int = 0,
    store: Path | None = None,
) -> dict[str, pd.DataFrame]:
    """Split rows into ``train``, ``validation`` and ``test``.

    Within a part, rows keep the order they came in. Sizes are the ratios times the rows, rounded
    by largest remainder, so that every row is in exactly one part. ``group`` and ``hash`` come as
    near to the ratios as they can; ``predefined`` does not look at them; ``kfold`` takes one fold
    as ``test`` and shares the others out as ``train`` is to ``validation``.

    Args:
        rows: The whole data set.
        ratios: Part → its share, and the shares sum to 1; or part → its number of rows (whole
            numbers), where ``None`` takes the rest.
        strategy: A name in :data:`dsf.data.splits.STRATEGIES`. ``stratified`` gives each label
            its share of every part, and ``train`` a row of every label, however rare.
        label_column: Column that ``stratified`` and ``kfold`` keep balanced.
        seed: Same seed and rows, same split.
        label_columns: Columns that ``multilabel`` and ``kfold`` keep balanced, 0/1 or of few
            different values; empty: ``label_column``.
        group_column: Column whose equal values ``group`` keeps in one part.
        time_column: Column that ``time`` sorts by: the oldest rows are for training.
        split_column: Column with the part of each row, for ``predefined``.
        hash_columns: Columns that decide where ``hash`` puts a row; empty: all but ``row_id``.
        folds: Into how many folds ``kfold`` divides the rows.
        fold: Which of them is ``test``, from 0.
        store: Folder that gets an Arrow file of each part, which is then mapped into memory: texts
            that a reader left in a file are never held whole. Keep it as long as the parts.

    Raises:
        ConfigError: If there is no such strategy.
        DataError: If a part would stay empty, or a column that the strategy needs is not there
            or has missing values.
        StorageError: If ``store`` cannot be written.
    """
    _check_strategy(strategy)
    # A column that says where rows belong leaves nothing to share out.
    predefined = strategy == "predefined"
    sizes = dict.fromkeys(ratios, 0) if predefined else sizes_of(len(rows), ratios)
    request = SplitRequest(
        rows=rows,
        sizes=sizes,
        shares=() if predefined else shares_of(ratios, sizes),
        seed=seed,
        generator=np.random.default_rng(seed),
        label_columns=_balanced(strategy, label_column, label_columns),
        group_column=group_column,
        time_column=time_column,
        split_column=split_column,
        hash_columns=tuple(hash_columns),
        folds=folds,
        fold=fold,
    )
    codes = STRATEGIES[strategy](request)
    _check_filled(codes, list(sizes), strategy)
    if store is not None:
        return store_parts(rows, codes, list(sizes), store)
    return _deal(rows, codes, list(sizes))


def _check_strategy(strategy: str) -> None:
    if strategy not in STRATEGIES:
        known = ", ".join(STRATEGIES)
        message = (
            f"must be one of {known}, but is {strategy!r}.{did_you_mean(strategy, STRATEGIES)}"
        )
        raise ConfigError("The rows cannot be split.", [Problem("strategy", message)])


def _balanced(
    strategy: str, label_column: str | None, label_columns: Sequence[str]
) -> tuple[str, ...]:
    """Name the columns whose labels a strategy keeps balanced: one, if it knows but one."""
    takes_one = strategy in ("stratified", "kfold") and label_column is not None
    if label_columns and not takes_one:
        return tuple(label_columns)
    return () if label_column is None else (label_column,)


def _deal(rows: pd.DataFrame, codes: np.ndarray, parts: list[str]) -> dict[str, pd.DataFrame]:
    """Give each part its rows, in the order they came in."""
    return {
        part: rows.iloc[np.flatnonzero(codes == code)].reset_index(drop=True)
        for code, part in enumerate(parts)
    }


def _check_filled(codes: np.ndarray, parts: list[str], strategy: str) -> None:
    counts = np.bincount(codes, minlength=len(parts))
    empty = [part for part, rows in zip(parts, counts, strict=True) if not rows]
    if empty:
        raise DataError(
            f"{len(codes)} rows are too few, or too much alike, for the strategy {strategy!r}.",
            [Problem(part, "must get at least one row, but gets none.") for part in empty],
        )
