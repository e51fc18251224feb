"""Every strategy by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.data.splits.group import split_by_group
from dsf.data.splits.hashed import split_by_hash
from dsf.data.splits.kfold import split_by_fold
from dsf.data.splits.multilabel import split_multilabel
from dsf.data.splits.predefined import split_predefined
from dsf.data.splits.shuffled import split_at_random
from dsf.data.splits.stratified import split_stratified
from dsf.data.splits.time import split_by_time

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from dsf.data.splits.request import SplitRequest

__all__ = ["STRATEGIES"]

STRATEGIES: dict[str, Callable[[SplitRequest], np.ndarray]] = {
    "random": split_at_random,
    "stratified": split_stratified,
    "multilabel": split_multilabel,
    "group": split_by_group,
    "time": split_by_time,
    "predefined": split_predefined,
    "kfold": split_by_fold,
    "hash": split_by_hash,
}
"""Name → a function that gives each row the number of its part, in the order of the sizes."""
