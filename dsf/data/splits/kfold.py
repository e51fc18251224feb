"""``kfold``: one fold of n is the test part; over all n, every row is tested once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.data.splits.multilabel import label_matrix, stratify
from dsf.data.splits.sizes import share_out
from dsf.data.splits.stratified import stratified_order
from dsf.data.splits.stretches import cut

if TYPE_CHECKING:
    from dsf.data.splits.request import SplitRequest

__all__ = ["split_by_fold"]


def split_by_fold(request: SplitRequest) -> np.ndarray:
    """Take fold ``request.fold`` as ``test``. Shape: ``(rows,)``, numbers of parts.

    Every fold has each label in its share: folds are stretches of the stratified order, or, where
    a row has several labels, dealt out as ``multilabel`` does. The rest is cut as ``train`` is to
    ``validation``.

    Raises:
        DataError: If there are not that many folds, fewer rows than folds, or a row without a
            label.
    """
    _check(request)
    return _of_several(request) if len(request.label_columns) > 1 else _of_one(request)


def _check(request: SplitRequest) -> None:
    rows, folds, fold = len(request.rows), request.folds, request.fold
    if not 2 <= folds <= rows:
        message = f"must be between 2 and the {rows} rows, but is {folds}."
        raise DataError("The rows cannot be split.", [Problem("folds", message)])
    if not 0 <= fold < folds:
        message = f"must be between 0 and {folds - 1} (folds is {folds}), but is {fold}."
        raise DataError("The rows cannot be split.", [Problem("fold", message)])


def _of_one(request: SplitRequest) -> np.ndarray:
    """Take stretches of the stratified order."""
    rows, folds, fold = len(request.rows), request.folds, request.fold
    order = stratified_order(request, rare_first=False)
    bounds = np.arange(folds + 1) * rows // folds
    start, end = bounds[fold], bounds[fold + 1]
    # From the row after the fold, round the corner, to the row before it.
    order = np.roll(order, -end)
    tested = int(end - start)
    return cut(order, [*_share_out_others(request, rows - tested), tested])


def _of_several(request: SplitRequest) -> np.ndarray:
    """Stratify iteratively: the rows into folds, then those that are not tested into two parts.

    The folds come first and from the seed alone, so they are the same whichever is tested.
    """
    labels, rows = label_matrix(request), len(request.rows)
    sizes = np.diff(np.arange(request.folds + 1) * rows // request.folds).tolist()
    folds = stratify(labels, sizes, request.generator)
    others = np.flatnonzero(folds != request.fold)
    codes = np.full(rows, 2, dtype=np.int64)
    codes[others] = stratify(
        labels[others], _share_out_others(request, len(others)), request.generator
    )
    return codes


def _share_out_others(request: SplitRequest, rows: int) -> list[int]:
    """Say how many of the rows that are not tested are for training, and for validation."""
    others = {part: size for part, size in request.sizes.items() if part != "test"}
    total = sum(others.values())
    return list(share_out(rows, {part: size / total for part, size in others.items()}).values())
