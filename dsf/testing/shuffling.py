"""Rows whose labels say nothing about them any more."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dsf.core.tagging import repair_tags

if TYPE_CHECKING:
    from dsf.data import LabelLayout

__all__ = ["shuffle_labels"]


def shuffle_labels(rows: pd.DataFrame, layout: LabelLayout, seed: int) -> pd.DataFrame:
    """Deal out the labels anew; each stays as frequent as it is.

    Tags are dealt out over all words, and then made to follow their scheme.

    Args:
        rows: Stay as they are.
        layout: Where the labels are.
        seed: Decides who gets which.
    """
    random = np.random.default_rng(seed)
    if layout.kind != "tags":
        order = random.permutation(len(rows))
        return rows.assign(**{name: rows[name].to_numpy()[order] for name in layout.columns})
    tags = random.permutation(np.array([*chain(*rows["tags"])], dtype=object))
    ends = np.cumsum(rows["tags"].map(len).to_numpy())[:-1]
    dealt = [list(row) for row in np.split(tags, ends)]
    if layout.scheme is not None:
        dealt = [repair_tags(row, layout.scheme) for row in dealt]
    return rows.assign(tags=pd.Series(dealt, index=rows.index, dtype=object))
