"""A statistic that is any function of the rows: computed sample by sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.metrics.statistics.number import HEADLINE
from dsf.metrics.statistics.statistic import Statistic

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from dsf.metrics.statistics.draws import Draws

__all__ = ["Looped"]


class Looped(Statistic):
    """One number of the rows, by a function that knows nothing of weights.

    Args:
        function: Takes the columns by name, gives a number; NaN where there is none.
        columns: Name → value of each row: a numpy array with the rows first.
    """

    def __init__(self, function: Callable[..., float], columns: Mapping[str, NDArray[Any]]) -> None:
        self.function = function
        self.columns = dict(columns)
        self.rows = len(next(iter(self.columns.values())))
        self.numbers = (HEADLINE,)
        self.undefined = {}

    def values(self, draws: Draws) -> NDArray[np.float64]:
        """Call the function on the rows of each sample. Shape: ``(draws, 1)``."""
        found = [self._call(self._rows(draws, draw)) for draw in range(len(draws))]
        return np.array(found, dtype=np.float64).reshape(-1, 1)

    def take(self, rows: NDArray[np.intp]) -> Looped:
        """Give the same statistic of some of the rows."""
        return Looped(self.function, {name: each[rows] for name, each in self.columns.items()})

    def stack(self, other: Statistic) -> Looped:
        """Give the same statistic of these rows and those of another model."""
        assert isinstance(other, Looped)
        columns = {
            name: np.concatenate([each, other.columns[name]]) for name, each in self.columns.items()
        }
        return Looped(self.function, columns)

    def _rows(self, draws: Draws, draw: int) -> NDArray[np.intp]:
        if draws.indices is not None:
            return np.asarray(draws.indices[draw], dtype=np.intp)
        return np.repeat(np.arange(self.rows), np.asarray(draws.weights[draw], dtype=np.intp))

    def _call(self, rows: NDArray[np.intp]) -> float:
        return float(self.function(**{name: each[rows] for name, each in self.columns.items()}))
