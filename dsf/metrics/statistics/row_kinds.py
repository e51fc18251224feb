"""Rows by what they add to sums, so that rows that add the same are counted together."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

from dsf.metrics.statistics.kernels import compile_kernel, is_worth_compiling, sum_groups

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from dsf.metrics.statistics.draws import Draws
    from dsf.metrics.statistics.statistic import Statistic

__all__ = ["JointKinds", "RowKinds", "find_kinds"]

_FEW = 0.5
"""Kinds a row up to which it is faster to draw kinds than rows."""


class RowKinds:
    """Kinds of rows, and what a row of each kind adds to each sum.

    Args:
        codes: Number of each row's kind. Shape: ``(rows,)``.
        table: What one row of a kind adds. Shape: ``(kinds, sums)``, sparse or not.
        alone: Whether every row is a kind of its own.
    """

    def __init__(self, codes: NDArray[np.integer[Any]], table: Any, *, alone: bool = False) -> None:
        self.codes = codes
        self.alone = alone
        self.table = sparse.csr_array(table, dtype=np.float64)
        self._taken: tuple[NDArray[np.intp], RowKinds] | None = None

    @classmethod
    def of_rows(cls, addends: Any) -> RowKinds:
        """Make every row its own kind.

        Args:
            addends: What each row adds. Shape: ``(rows, sums)``.
        """
        return cls(np.arange(addends.shape[0]), addends, alone=True)

    def __len__(self) -> int:
        return int(self.table.shape[0])

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.codes)

    def sums(self, draws: Draws) -> NDArray[np.float64]:
        """Give the sums over the rows of samples. Shape: ``(draws, sums)``."""
        return draws.once(self, lambda: self._sum(draws))

    def take(self, rows: NDArray[np.intp]) -> RowKinds:
        """Give the same kinds of some of the rows, in their order.

        Statistics that share these kinds share those, if they ask for the same rows.
        """
        if self._taken is None or self._taken[0] is not rows:
            self._taken = (rows, RowKinds(self.codes[rows], self.table))
        return self._taken[1]

    def stack(self, other: RowKinds) -> RowKinds:
        """Give the kinds of these rows followed by those of other rows with the same sums."""
        codes = np.concatenate([self.codes, other.codes + len(self)])
        return RowKinds(codes, sparse.vstack([self.table, other.table]))

    def _sum(self, draws: Draws) -> NDArray[np.float64]:
        if draws.indices is None and len(self) >= self.rows:
            return np.asarray(draws.weights @ self._of_each)
        return np.asarray(self._count(draws) @ self.table)

    @cached_property
    def _of_each(self) -> sparse.csr_array:
        """What each row adds. Shape: ``(rows, sums)``."""
        return self.table[self.codes]

    def _count(self, draws: Draws) -> NDArray[np.float64]:
        """Count the rows of each kind. Shape: ``(draws, kinds)``."""
        if is_worth_compiling(len(draws) * self.rows):
            narrow = draws.narrow()
            if narrow is not None:
                found = np.empty((len(draws), len(self)))
                compile_kernel(sum_groups)(*self._groups, narrow.counts, found)
                return found
        kinds = len(self)
        if draws.indices is None:
            each = [np.bincount(self.codes, one, minlength=kinds) for one in draws.weights]
        else:
            each = [np.bincount(self.codes[one], minlength=kinds) for one in draws.indices]
        return np.array(each, dtype=np.float64)

    @cached_property
    def _groups(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The rows kind by kind, and where each kind ends in that order."""
        order = np.argsort(self.codes, kind="stable")
        ends = np.cumsum(np.bincount(self.codes, minlength=len(self)))
        return order.astype(np.uint32), ends.astype(np.uint32)


class JointKinds(NamedTuple):
    """Rows that are of one kind in every respect.

    Attributes:
        rows: A row that stands for each kind. Shape: ``(kinds,)``.
        codes: Number of each row's kind. Shape: ``(rows,)``.
    """

    rows: NDArray[np.intp]
    codes: NDArray[np.intp]


def find_kinds(statistics: Iterable[Statistic]) -> JointKinds | None:
    """Find the kinds of rows that several statistics tell apart.

    Args:
        statistics: Of the same rows; each has kinds.

    Returns:
        The kinds, or ``None`` if they are too many to be worth it.
    """
    respects = {id(kinds): kinds.codes for one in statistics for kinds in one.kinds}
    first: NDArray[np.intp] | None = None
    joint: NDArray[np.intp] | None = None
    for codes in respects.values():
        pairs = codes if joint is None else joint * (int(codes.max(initial=0)) + 1) + codes
        _, first, joint = np.unique(pairs, return_index=True, return_inverse=True)
        if len(first) > _FEW * len(codes):
            return None
    assert first is not None
    assert joint is not None
    # In the order of the rows, so that what is drawn does not depend on which model is named first.
    order = np.argsort(first)
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return JointKinds(first[order], places[joint])
