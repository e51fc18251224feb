"""Samples of the same rows: how often each row is in each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["Draws"]

Result = TypeVar("Result")


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
