"""``random``: every row has the same chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.data.splits.stretches import cut

if TYPE_CHECKING:
    import numpy as np

    from dsf.data.splits.request import SplitRequest

__all__ = ["split_at_random"]


def split_at_random(request: SplitRequest) -> np.ndarray:
    """Shuffle the rows and cut them. Shape: ``(rows,)``, numbers of parts."""
    order = request.generator.permutation(len(request.rows))
    return cut(order, request.sizes.values())
