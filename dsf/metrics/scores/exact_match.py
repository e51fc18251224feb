"""Share of the rows that are right as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.metrics.label_counts import divide
from dsf.metrics.statistics.number import HEADLINE
from dsf.metrics.statistics.row_kinds import RowKinds
from dsf.metrics.statistics.summed import Summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.metrics.answers.answers import Answers

__all__ = ["exact_match"]


def exact_match(answers: Answers) -> Summed:
    """Share of the rows of which every label, every token or every output is right.

    Args:
        answers: Of any kind.
    """
    kinds = answers.label_sums
    right, units = kinds.table[:, -2:].toarray().T  # of all sums, the last two
    whole = np.column_stack([right == units, np.ones(len(kinds))])
    return Summed(RowKinds(kinds.codes, whole), _share, (HEADLINE,))


def _share(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    return divide(sums[:, :1], sums[:, 1:])
