"""``stratified``: every part has each label in its overall share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dsf.data.splits.stretches import cut

if TYPE_CHECKING:
    from dsf.data.splits.request import SplitRequest

__all__ = ["split_stratified", "stratified_order"]


def split_stratified(request: SplitRequest) -> np.ndarray:
    """Cut the stratified order of the rows. Shape: ``(rows,)``, numbers of parts.

    One row of each label comes before all others, the frequent labels' first. The first part thus
    knows every label as long as it has room for one row of each.
    """
    return cut(stratified_order(request, rare_first=True), request.sizes.values())


def stratified_order(request: SplitRequest, *, rare_first: bool) -> np.ndarray:
    """Order rows so that every stretch of the order has every label in its overall share.

    Each label's rows, shuffled, are spread evenly over 0 … 1. Rows sorted by that position can be
    cut anywhere: each label is within one row of its share of the piece before the cut.

    Args:
        request: With one label column; without one, all labels count as different.
        rare_first: Whether one row of each label comes before all others.

    Raises:
        DataError: If the label column is not there, or a row has no label.
    """
    rows, generator = request.rows, request.generator
    if request.label_columns:
        codes = pd.factorize(request.filled(request.label_columns[:1])[0])[0]
    else:
        codes = np.arange(len(rows))
    by_label = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes))
    position = np.empty(len(codes))
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        members = generator.permutation(by_label[start:end])
        position[members] = (np.arange(len(members)) + generator.random()) / len(members)
        if rare_first:
            position[members[0]] -= len(members)
    return np.argsort(position, kind="stable")
