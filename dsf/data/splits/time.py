"""``time``: learn from the past, test on what came after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.data.splits.stretches import cut

if TYPE_CHECKING:
    from dsf.data.splits.request import SplitRequest

__all__ = ["split_by_time"]


def split_by_time(request: SplitRequest) -> np.ndarray:
    """Cut the rows, oldest first. Shape: ``(rows,)``, numbers of parts.

    Rows of the same moment keep their order. Text is compared as text: right for ISO dates, and
    only for dates that are all written in one way.

    Raises:
        DataError: If a time is missing, or the times cannot be compared with each other.
    """
    times = request.column("time_column")
    try:
        order = np.asarray(times.reset_index(drop=True).sort_values(kind="stable").index)
    except TypeError as error:
        raise DataError(
            "The rows cannot be split by time.",
            [Problem(str(request.time_column), f"must be of one kind: {error}.")],
        ) from error
    return cut(order, request.sizes.values())
