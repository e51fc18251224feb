"""``kfold``: one fold of n is the test part; over all n, every row is tested once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.data.splits.sizes import share_out
from dsf.data.splits.stratified import stratified_order
from dsf.data.splits.stretches import cut

if TYPE_CHECKING:
    from dsf.data.splits.request import SplitRequest

__all__ = ["split_by_fold"]


def split_by_fold(request: SplitRequest) -> np.ndarray:
    """Take fold ``request.fold`` as ``test``. Shape: ``(rows,)``, numbers of parts.

    Folds are stretches of the stratified order, so each has every label in its share. The rest is
    cut as ``train`` is to ``validation``.

    Raises:
        DataError: If there are not that many folds, or fewer rows than folds.
    """
    rows, folds, fold = len(request.rows), request.folds, request.fold
    if not 2 <= folds <= rows:
        message = f"must be between 2 and the {rows} rows, but is {folds}."
        raise DataError("The rows cannot be split.", [Problem("folds", message)])
    if not 0 <= fold < folds:
        message = f"must be between 0 and {folds - 1} (folds is {folds}), but is {fold}."
        raise DataError("The rows cannot be split.", [Problem("fold", message)])
    order = stratified_order(request, rare_first=False)
    bounds = np.arange(folds + 1) * rows // folds
    start, end = bounds[fold], bounds[fold + 1]
    # From the row after the fold, round the corner, to the row before it.
    order = np.roll(order, -end)
    tested = int(end - start)
    others = {part: size for part, size in request.sizes.items() if part != "test"}
    total = sum(others.values())
    sizes = share_out(rows - tested, {part: size / total for part, size in others.items()})
    return cut(order, [*sizes.values(), tested])
