"""Samples of the same rows: how often each row is in each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from dsf.metrics.statistics.kernels import compile_kernel, count_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["Draws", "NarrowWeights"]

Result = TypeVar("Result")

_NARROW = np.iinfo(np.uint16).max


class NarrowWeights(NamedTuple):
    """How often each row counts, in few bytes, as compiled loops read it.

    Attributes:
        counts: C-contiguous. Shape: ``(draws, rows)``.
        most: At least the sum over the rows, in every sample.
    """

    counts: NDArray[np.uint16]
    most: int


class Draws:
    """Several samples of the same rows, as the numbers of the rows or as how often each counts.

    One of the two is given; :attr:`weights` are there in either case.

    Args:
        rows: How many rows there are to draw from.
        indices: Numbers of the rows that were drawn. Shape: ``(draws, drawn)``.
        weights: How often each row counts, not negative. Shape: ``(draws, rows)``.
    """

    def __init__(
        self,
        rows: int,
        *,
        indices: NDArray[np.integer[Any]] | None = None,
        weights: NDArray[Any] | None = None,
    ) -> None:
        self.rows = rows
        self.indices = indices
        self._weights = weights
        self._shared: dict[int, tuple[object, Any]] = {}

    @classmethod
    def everything(cls, rows: int) -> Draws:
        """Make one sample with each row once."""
        return cls(rows, weights=np.ones((1, rows)))

    def __len__(self) -> int:
        given = self.indices if self._weights is None else self._weights
        assert given is not None
        return len(given)

    @property
    def weights(self) -> NDArray[Any]:
        """How often each row counts. Shape: ``(draws, rows)``."""
        if self._weights is None:
            self._weights = np.stack([self.count(each) for each in range(len(self))])
        return self._weights

    def count(self, draw: int) -> NDArray[Any]:
        """Give how often each row is in one sample. Shape: ``(rows,)``."""
        if self._weights is not None:
            return np.asarray(self._weights[draw])
        assert self.indices is not None
        return np.bincount(self.indices[draw], minlength=self.rows)

    def narrow(self) -> NarrowWeights | None:
        """Give the weights in few bytes, for compiled loops; ``None`` if they do not fit."""
        return self.once(Draws.narrow, self._narrow)

    def once(self, owner: object, compute: Callable[[], Result]) -> Result:
        """Compute what several statistics need of these samples, the first time it is asked for.

        Args:
            owner: Whose result it is; the same object gets the same result.
            compute: Gives the result.
        """
        if id(owner) not in self._shared:
            self._shared[id(owner)] = (owner, compute())  # the owner stays alive with its number
        result: Result = self._shared[id(owner)][1]
        return result

    def _narrow(self) -> NarrowWeights | None:
        if self.indices is None:
            weights = self.weights
            if weights.dtype.kind not in "iu" or not weights.size or weights.max() > _NARROW:
                return None
            most = int(weights.sum(axis=1).max())
            return NarrowWeights(np.ascontiguousarray(weights, dtype=np.uint16), most)
        counts = np.zeros((len(self), self.rows), dtype=np.uint16)
        drawn = np.ascontiguousarray(self.indices, dtype=np.int64)
        compile_kernel(count_rows)(drawn.view(np.uint64), counts)
        most = drawn.shape[1]
        if most > _NARROW and (counts.sum(axis=1, dtype=np.int64) < most).any():
            return None  # a row came so often that its count wrapped around
        return NarrowWeights(counts, most)
