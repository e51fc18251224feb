"""What every metric comes down to: numbers that depend on how often each row counts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from dsf.metrics.statistics.draws import Draws

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.metrics.statistics.number import Number
    from dsf.metrics.statistics.row_kinds import RowKinds

__all__ = ["Statistic"]


class Statistic(ABC):
    """Numbers of a set of rows, as functions of how often each row counts.

    A measurement counts every row once, a bootstrap draws rows again and again, a permutation
    takes each row's answer from one of two models: all three are weights of rows. So a metric
    that is written as a statistic has its value, its interval and its test.

    You must write: :meth:`values`, :meth:`take`, :meth:`stack`.
    You may set: ``kinds``, where many rows count alike, which makes a bootstrap fast.

    Attributes:
        rows: How many rows there are.
        numbers: What the numbers are of, the headline first.
        undefined: Of numbers that these rows do not have, the reason.
        kinds: Rows that count alike, in every respect that matters; none if each row is for itself.
    """

    rows: int
    numbers: tuple[Number, ...]
    undefined: dict[Number, str]
    kinds: tuple[RowKinds, ...] = ()

    @abstractmethod
    def values(self, draws: Draws) -> NDArray[np.float64]:
        """Compute the numbers of samples.

        Args:
            draws: Samples of the rows.

        Returns:
            NaN where a sample does not have the number. Shape: ``(draws, numbers)``.
        """

    @abstractmethod
    def take(self, rows: NDArray[np.intp]) -> Statistic:
        """Give the same statistic of some of the rows, in their order."""

    @abstractmethod
    def stack(self, other: Statistic) -> Statistic:
        """Give the same statistic of these rows followed by those of another model.

        Args:
            other: The same statistic of another model on the same rows.
        """

    def measure(self) -> NDArray[np.float64]:
        """Compute the numbers with every row once. Shape: ``(numbers,)``."""
        return np.asarray(self.values(Draws.everything(self.rows))[0])
