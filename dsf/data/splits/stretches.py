"""Parts as stretches of an order of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["cut"]


def cut(order: np.ndarray, sizes: Iterable[int]) -> np.ndarray:
    """Give each row the number of the stretch it lies in.

    Args:
        order: Row numbers in some order. Shape: ``(rows,)``.
        sizes: Length of each stretch; they sum to the rows.

    Returns:
        Numbers from 0, int64. Shape: ``(rows,)``.
    """
    lengths = list(sizes)
    codes = np.empty(len(order), dtype=np.int64)
    codes[order] = np.repeat(np.arange(len(lengths)), lengths)
    return codes
