"""How intervals are drawn, as the section ``bootstrap_config`` says."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from dsf.core.errors import ConfigError, Problem
from dsf.core.excerpts import count, excerpt
from dsf.metrics.resampling.resampling import ByCluster, ByRow, ByStratum

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from dsf.metrics.resampling.resampling import Resampling

__all__ = ["Bootstrap", "Unit"]

Unit: TypeAlias = Literal["rows", "stratified", "clusters"]

_UNITS = ("rows", "stratified", "clusters")
_HEADLINE = "Intervals cannot be computed."


@dataclass(frozen=True)
class Bootstrap:
    """How often rows are drawn again, and how.

    Attributes:
        n_iterations: How many samples are drawn.
        percentile: Lower end of an interval among the samples, in percent; the upper one is as
            far from 100. 2.5 gives intervals of 95 %.
        resample: ``rows``: one by one. ``stratified``: within each group, as many as it has.
            ``clusters``: whole groups, for rows that are alike within one, as sentences of a
            document are.
        seed: Of the samples.
        groups: Group of each row, for ``stratified`` and ``clusters``. Shape: ``(rows,)``.

    Raises:
        ConfigError: If they cannot be used; lists all that is wrong.
    """

    n_iterations: int = 1000
    percentile: float = 2.5
    resample: Unit = "rows"
    seed: int = 42
    groups: ArrayLike | None = None

    def __post_init__(self) -> None:
        problems = []
        if self.n_iterations < 1:
            message = f"must be at least 1, but is {self.n_iterations}."
            problems.append(Problem("n_iterations", message))
        if not 0 < self.percentile < 100 or self.percentile == 50:
            message = f"must lie between 0 and 100 and not be 50, but is {self.percentile}."
            problems.append(Problem("percentile", message))
        if self.resample not in _UNITS:
            message = f"must be one of {', '.join(_UNITS)}, but is {self.resample!r}."
            problems.append(Problem("resample", message))
        elif self.resample != "rows" and self.groups is None:
            message = f"{self.resample} needs the group of each row, but there is none."
            problems.append(Problem("resample", message))
        elif self.resample != "rows":
            problems += _missing_problems(np.asarray(self.groups))
        if problems:
            raise ConfigError(_HEADLINE, problems)

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends of an interval among the samples, in percent, the lower one first."""
        low, high = sorted((self.percentile, 100 - self.percentile))
        return low, high

    @property
    def samples_needed(self) -> int:
        """How many samples it takes for one to lie beyond each end; 0 if there are as many."""
        needed = math.ceil(100 / self.ends[0])
        return needed if self.n_iterations < needed else 0

    def resampling(self, rows: int) -> Resampling:
        """Make what draws the samples.

        Args:
            rows: How many rows there are.

        Raises:
            ConfigError: If there is not one group for each of them.
        """
        if self.resample == "rows":
            return ByRow(rows)
        groups = len(np.asarray(self.groups))
        if groups != rows:
            message = f"must be one for each of the {rows} rows, but there are {groups}."
            raise ConfigError(_HEADLINE, [Problem("groups", message)])
        return (ByStratum if self.resample == "stratified" else ByCluster)(self._codes())

    def clusters(self) -> NDArray[np.intp] | None:
        """Number the clusters of the rows; ``None`` if each row is for itself."""
        return self._codes() if self.resample == "clusters" else None

    def units(self, rows: int) -> int:
        """Count what is drawn: rows, or clusters of them.

        Args:
            rows: How many rows there are.
        """
        clusters = self.clusters()
        return rows if clusters is None else len(np.unique(clusters))

    def take(self, rows: NDArray[np.intp]) -> Bootstrap:
        """Give the same for some of the rows."""
        groups = None if self.groups is None else np.asarray(self.groups)[rows]
        return replace(self, groups=groups)

    def _codes(self) -> NDArray[np.intp]:
        return np.asarray(pd.factorize(np.asarray(self.groups), use_na_sentinel=False)[0])

    def describe(self) -> dict[str, Any]:
        """Give plain values, as results have them."""
        return {
            "n_iterations": self.n_iterations,
            "percentile": self.percentile,
            "resample": self.resample,
            "seed": self.seed,
        }


def _missing_problems(groups: NDArray[Any]) -> list[Problem]:
    """Name the rows without a group: they belong neither together nor apart."""
    places = np.flatnonzero(pd.isna(groups))
    if not len(places):
        return []
    missing = count(len(places), "row")
    message = f"must be there for each row, but is missing for {missing}: {excerpt(places)}."
    return [Problem("groups", message)]
