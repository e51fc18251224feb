"""``time``: learn from the past, test on what came after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import count, excerpt
from dsf.data.splits.stretches import cut
from dsf.data.times import is_text, read_times, unreadable_times

if TYPE_CHECKING:
    import pandas as pd

    from dsf.data.splits.request import SplitRequest

__all__ = ["split_by_time"]


def split_by_time(request: SplitRequest) -> np.ndarray:
    """Cut the rows, oldest first. Shape: ``(rows,)``, numbers of parts.

    Rows of the same moment keep their order.

    Raises:
        DataError: If a time is missing, is text that is no date of ISO 8601 and no number, or
            cannot be compared with the others.
    """
    times = _readable(request.column("time_column"))
    try:
        order = np.asarray(times.reset_index(drop=True).sort_values(kind="stable").index)
    except TypeError as error:
        raise DataError(
            "The rows cannot be split by time.",
            [Problem(str(request.time_column), f"must be of one kind: {error}.")],
        ) from error
    return cut(order, request.sizes.values())


def _readable(times: pd.Series) -> pd.Series:
    """Read times that are text: by their letters, 02/01/2024 would come before 31/12/2023."""
    read = read_times(times)
    wrong = unreadable_times(read) if is_text(read) else np.empty(0, dtype=np.int64)
    if not len(wrong):
        return read
    found = excerpt(read.iloc[wrong].unique())
    message = (
        "must be a date of ISO 8601 (2024-01-31) or a number, "
        f"but is {found} in {count(len(wrong), 'row')}: {excerpt(wrong)}."
    )
    raise DataError("The rows cannot be split by time.", [Problem(str(times.name), message)])
