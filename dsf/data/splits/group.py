"""``group``: rows that belong together stay together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from dsf.data.splits.request import SplitRequest

__all__ = ["split_by_group"]


def split_by_group(request: SplitRequest) -> np.ndarray:
    """Put whole groups into parts. Shape: ``(rows,)``, numbers of parts.

    The largest group goes first, and each to the part that lacks most rows; groups of one size
    are shuffled. Shares are as near to the ratios as the sizes of the groups allow.

    Raises:
        DataError: If a row has no group.
    """
    groups = pd.factorize(request.column("group_column"))[0]
    sizes = np.bincount(groups)
    order = request.generator.permutation(len(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]
    lacking = list(map(float, request.sizes.values()))
    places = range(len(lacking))
    part_of = np.empty(len(sizes), dtype=np.int64)
    counts = sizes.tolist()
    for group in order.tolist():
        part = max(places, key=lacking.__getitem__)
        part_of[group] = part
        lacking[part] -= counts[group]
    return part_of[groups]
