"""Rows that hold nan or infinity."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

__all__ = ["find_bad_rows", "name_bad_numbers"]


def find_bad_rows(loaders: Any, seconds: float = 10.0) -> Iterator[tuple[int, str]]:
    """Find the rows of data sets that hold nan or infinity.

    Args:
        loaders: A loader, or several in lists and dicts. What has no rows that can be counted and
            asked for one by one is passed over.
        seconds: When to stop looking.

    Yields:
        The row's number, from 0, and what it holds.
    """
    until = time.monotonic() + seconds
    for loader in _leaves(loaders):
        rows: Any = getattr(loader, "dataset", None)
        if not (hasattr(rows, "__len__") and hasattr(rows, "__getitem__")):
            continue
        for number in range(len(rows)):
            if time.monotonic() > until:
                return
            found = name_bad_numbers(rows[number])
            if found:
                yield number, found


def name_bad_numbers(batch: Any) -> str:
    """Say whether a row or a batch holds ``nan`` or ``infinity``; nothing if it holds neither."""
    numbers = [_as_tensor(leaf) for leaf in _leaves(batch)]
    if any(bool(one.isnan().any()) for one in numbers):
        return "nan"
    return "infinity" if any(bool(one.isinf().any()) for one in numbers) else ""


def _as_tensor(leaf: Any) -> Tensor:
    """Take the numbers that can be nan out of a leaf: none of them, for most kinds."""
    if isinstance(leaf, Tensor):
        return leaf if leaf.is_floating_point() else torch.empty(0)
    if isinstance(leaf, float) or getattr(getattr(leaf, "dtype", None), "kind", "") == "f":
        return torch.from_numpy(np.asarray(leaf, dtype=np.float64))
    return torch.empty(0)


def _leaves(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
