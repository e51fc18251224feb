"""How rows are drawn again: one by one, within groups of their own, or group by group."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.metrics.statistics.draws import Draws

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["ByCluster", "ByKind", "ByRow", "ByStratum", "Resampling"]


class Resampling(ABC):
    """A way to draw a new sample from rows that stand for all rows there could be.

    Attributes:
        rows: How many rows there are to draw from.
    """

    rows: int

    @abstractmethod
    def draw(self, generator: np.random.Generator, times: int) -> Draws:
        """Draw samples.

        Args:
            generator: Source of chance.
            times: How many samples.
        """

    def by_kind(self, kinds: NDArray[np.intp]) -> Resampling | None:  # noqa: ARG002
        """Draw from kinds of rows what single rows would give; ``None`` if that cannot be.

        Args:
            kinds: Number of each row's kind. Shape: ``(rows,)``.
        """
        return None


class ByRow(Resampling):
    """As many rows as there are, one by one, each with the same chance, with replacement.

    Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 6.

    Args:
        rows: How many rows there are.
    """

    def __init__(self, rows: int) -> None:
        self.rows = rows

    def draw(self, generator: np.random.Generator, times: int) -> Draws:
        """Draw samples of rows."""
        drawn = generator.integers(0, self.rows, (times, self.rows))
        return Draws(self.rows, indices=drawn)

    def by_kind(self, kinds: NDArray[np.intp]) -> Resampling:
        """Draw from kinds: how often each comes is multinomial."""
        return ByKind(np.bincount(kinds)[None])


class ByStratum(Resampling):
    """Rows within each stratum, as many as it has: no sample has more or less of any of them.

    Args:
        strata: Number of each row's stratum. Shape: ``(rows,)``.
    """

    def __init__(self, strata: ArrayLike) -> None:
        self.strata = np.asarray(strata, dtype=np.intp)
        self.rows = len(self.strata)
        self._members = np.argsort(self.strata, kind="stable")
        sizes = np.bincount(self.strata)
        self._sizes = np.repeat(sizes, sizes)
        self._starts = np.repeat(np.cumsum(sizes) - sizes, sizes)

    def draw(self, generator: np.random.Generator, times: int) -> Draws:
        """Draw samples of rows."""
        # Whole numbers of many ranges at once take five times as long. What a float lacks to draw
        # each place with the same chance is a part in 2 ** 53.
        places = (generator.random((times, self.rows)) * self._sizes).astype(np.int64)
        np.minimum(places, self._sizes - 1, out=places)  # a product may be rounded up to the size
        return Draws(self.rows, indices=self._members[self._starts + places])

    def by_kind(self, kinds: NDArray[np.intp]) -> Resampling:
        """Draw from kinds within each stratum."""
        sizes = np.zeros((int(self.strata.max(initial=0)) + 1, int(kinds.max(initial=0)) + 1))
        np.add.at(sizes, (self.strata, kinds), 1)
        return ByKind(sizes.astype(np.int64))


class ByCluster(Resampling):
    """Whole clusters, as many as there are: rows of one document are drawn or left together.

    Source: Davison and Hinkley 1997, "Bootstrap Methods and their Application", section 3.8.

    Args:
        clusters: Number of each row's cluster, from 0 on without a gap. Shape: ``(rows,)``.
    """

    def __init__(self, clusters: ArrayLike) -> None:
        self.clusters = np.asarray(clusters, dtype=np.intp)
        self.rows = len(self.clusters)
        self._count = int(self.clusters.max(initial=-1)) + 1

    def draw(self, generator: np.random.Generator, times: int) -> Draws:
        """Draw samples of clusters; each gives its rows."""
        count = self._count
        drawn = generator.integers(0, count, (times, count))
        often = np.stack([np.bincount(each, minlength=count) for each in drawn])
        return Draws(self.rows, weights=often[:, self.clusters])


class ByKind(Resampling):
    """Kinds of rows, as often as drawing single rows would give them.

    Args:
        sizes: How many rows of each kind each stratum has. Shape: ``(strata, kinds)``.
    """

    def __init__(self, sizes: NDArray[Any]) -> None:
        self.sizes = sizes
        self.rows = sizes.shape[1]

    def draw(self, generator: np.random.Generator, times: int) -> Draws:
        """Draw how often each kind comes: multinomial within each stratum."""
        weights = np.zeros((times, self.rows), dtype=np.int64)
        for stratum in self.sizes:
            there = np.flatnonzero(stratum)
            size = int(stratum.sum())
            if size:
                shares = stratum[there] / size
                weights[:, there] += generator.multinomial(size, shares, size=times)
        return Draws(self.rows, weights=weights)
