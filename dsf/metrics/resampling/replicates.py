"""Statistics of samples that are drawn from the rows again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from dsf.metrics.resampling.blocks import compute_in_blocks
from dsf.metrics.statistics.row_kinds import find_kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from dsf.metrics.resampling.resampling import Resampling
    from dsf.metrics.statistics.statistic import Statistic

__all__ = ["bootstrap_statistics"]

Name = TypeVar("Name")


def bootstrap_statistics(
    statistics: Mapping[Name, Statistic],
    resampling: Resampling,
    n_iterations: int = 1000,
    *,
    seed: int = 42,
) -> dict[Name, NDArray[np.float64]]:
    """Compute statistics of the same rows on samples of them.

    Where rows are of few kinds, kinds are drawn in place of rows: the same distribution, in a
    small part of the time. All statistics whose kinds are drawn see the same samples, and so do
    all others: those of one metric and two models are always of the same sort.

    Args:
        statistics: By name; all of the same rows.
        resampling: How rows are drawn.
        n_iterations: How many samples.
        seed: Of the samples.

    Returns:
        The numbers of each, NaN where a sample does not have one. Shape:
        ``(n_iterations, numbers)`` each.
    """
    counted = {name: one for name, one in statistics.items() if one.kinds}
    found: dict[Name, NDArray[np.float64]] = {}
    kinds = find_kinds(counted.values()) if counted else None
    drawn = None if kinds is None else resampling.by_kind(kinds.codes)
    if kinds is not None and drawn is not None:
        few = {name: one.take(kinds.rows) for name, one in counted.items()}
        found |= _sample(few, drawn, n_iterations, seed)
    others = {name: one for name, one in statistics.items() if name not in found}
    if others:
        found |= _sample(others, resampling, n_iterations, seed)
    return {name: found[name] for name in statistics}


def _sample(
    statistics: Mapping[Name, Statistic], resampling: Resampling, n_iterations: int, seed: int
) -> dict[Name, NDArray[np.float64]]:
    def compute(generator: np.random.Generator, times: int) -> list[NDArray[np.float64]]:
        draws = resampling.draw(generator, times)
        return [one.values(draws) for one in statistics.values()]

    found = compute_in_blocks(compute, n_iterations, resampling.rows, seed)
    return dict(zip(statistics, found, strict=True))
