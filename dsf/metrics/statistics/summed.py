"""Statistics that are functions of sums over rows: counts of hits, means of losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.metrics.statistics.statistic import Statistic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from dsf.metrics.statistics.draws import Draws
    from dsf.metrics.statistics.number import Number
    from dsf.metrics.statistics.row_kinds import RowKinds

__all__ = ["Summed"]


class Summed(Statistic):
    """Numbers that depend on the rows by sums alone.

    Args:
        kinds: The rows by what they add to the sums.
        finish: Makes numbers of sums; takes shape ``(draws, sums)``, gives ``(draws, numbers)``,
            NaN where a number is not defined.
        numbers: What the numbers are of, the headline first.
        undefined: Of numbers that all rows together do not have, the reason.
    """

    def __init__(
        self,
        kinds: RowKinds,
        finish: Callable[[NDArray[np.float64]], NDArray[np.float64]],
        numbers: Sequence[Number],
        undefined: dict[Number, str] | None = None,
    ) -> None:
        self.row_kinds = kinds
        self.kinds = () if kinds.alone else (kinds,)
        self.rows = kinds.rows
        self.finish = finish
        self.numbers = tuple(numbers)
        self.undefined = undefined or {}

    def values(self, draws: Draws) -> NDArray[np.float64]:
        """Sum over the rows, then finish. Shape: ``(draws, numbers)``."""
        return np.asarray(self.finish(self.row_kinds.sums(draws)), dtype=np.float64)

    def take(self, rows: NDArray[np.intp]) -> Summed:
        """Give the same statistic of some of the rows."""
        return self._of(self.row_kinds.take(rows))

    def stack(self, other: Statistic) -> Summed:
        """Give the same statistic of these rows and those of another model."""
        assert isinstance(other, Summed)
        return self._of(self.row_kinds.stack(other.row_kinds))

    def _of(self, kinds: RowKinds) -> Summed:
        return Summed(kinds, self.finish, self.numbers, self.undefined)
