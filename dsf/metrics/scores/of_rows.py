"""Metrics that are means over rows: of losses, of hits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.metrics.label_counts import divide
from dsf.metrics.statistics.number import HEADLINE, Number
from dsf.metrics.statistics.row_kinds import RowKinds
from dsf.metrics.statistics.summed import Summed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["mean_of_rows"]


def mean_of_rows(values: NDArray[Any], labels: Sequence[Any] = ()) -> Summed:
    """Make a metric that is the mean of a value of each row.

    Args:
        values: Of each row, or of each row and label. Shape: ``(rows,)`` or ``(rows, labels)``.
        labels: The labels, in the order of the columns; the headline is the mean of theirs.
    """
    columns = np.asarray(values, dtype=np.float64).reshape(len(values), -1)
    addends = np.column_stack([columns, np.ones(len(columns))])
    numbers = (HEADLINE, *(Number(label) for label in labels))
    return Summed(RowKinds.of_rows(addends), _of_labels if labels else _of_all, numbers)


def _of_all(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    return divide(sums[:, :1], sums[:, 1:])


def _of_labels(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    means = divide(sums[:, :-1], sums[:, -1:])
    return np.column_stack([means.mean(axis=1), means])
