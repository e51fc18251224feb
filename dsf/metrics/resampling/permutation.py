"""Whether two models differ by more than chance: their answers to each row exchanged at random."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from dsf.metrics.resampling.blocks import compute_in_blocks
from dsf.metrics.statistics.draws import Draws
from dsf.metrics.statistics.row_kinds import find_kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from dsf.metrics.statistics.statistic import Statistic

__all__ = ["permutation_p_values"]

Name = TypeVar("Name")

_ROUNDING = 1e-12  # two ways to the same difference may differ in the last bits


def permutation_p_values(
    pairs: Mapping[Name, tuple[Statistic, Statistic]],
    n_iterations: int = 1000,
    *,
    seed: int = 42,
    clusters: NDArray[np.intp] | None = None,
    spreads: Mapping[Name, float] | None = None,
) -> dict[Name, float]:
    """Test for each statistic whether two models have the same.

    If it made no difference which model answered a row, exchanging their answers would give
    differences like the one that was measured. The p-value is the share of exchanges whose
    difference is at least as large, the measured one counted among them; so it is never 0.

    Two models may have the same statistic and yet err elsewhere. Then exchanged answers can differ
    less than those of other rows would, and the test would see a difference too often: ``spreads``
    widens them to what other rows do.

    Source: Good 2005, "Permutation, Parametric and Bootstrap Tests of Hypotheses", chapter 3;
    Phipson and Smyth 2010, https://doi.org/10.2202/1544-6115.1585, for the one that is added;
    Chung and Romano 2013, https://doi.org/10.1214/13-AOS1090, for why it is the spread that counts.

    Args:
        pairs: By name the same statistic of both models, of the same rows in the same order. The
            first number is tested.
        n_iterations: How many exchanges.
        seed: Of the exchanges.
        clusters: Rows that are exchanged together, numbered from 0 on. Shape: ``(rows,)``.
        spreads: By name the standard deviation of the difference over other rows, as a bootstrap
            tells it; ``None``: that of the exchanges.

    Returns:
        From ``1 / (n_iterations + 1)`` to 1; NaN where a model does not have the number.
    """
    counted = {name: pair for name, pair in pairs.items() if pair[0].kinds and pair[1].kinds}
    others = {name: pair for name, pair in pairs.items() if name not in counted}
    found: dict[Name, float] = {}
    for some in (counted, others):
        if some:
            found |= _test(some, n_iterations, seed, clusters, spreads or {})
    return {name: found[name] for name in pairs}


def _test(
    pairs: Mapping[Name, tuple[Statistic, Statistic]],
    n_iterations: int,
    seed: int,
    clusters: NDArray[np.intp] | None,
    spreads: Mapping[Name, float],
) -> dict[Name, float]:
    rows = next(iter(pairs.values()))[0].rows
    sizes = np.ones(rows, dtype=np.int64)
    if clusters is None and all(one.kinds for pair in pairs.values() for one in pair):
        kinds = find_kinds([one for pair in pairs.values() for one in pair])
        if kinds is not None:
            sizes = np.bincount(kinds.codes)
            pairs = {
                name: (first.take(kinds.rows), second.take(kinds.rows))
                for name, (first, second) in pairs.items()
            }
    stacked = [first.stack(second) for first, second in pairs.values()]

    def differ(exchanged: NDArray[np.int64]) -> list[NDArray[np.float64]]:
        stay = sizes - exchanged
        both = [np.hstack([stay, exchanged]), np.hstack([exchanged, stay])]
        draws = [Draws(2 * len(sizes), weights=weights) for weights in both]
        return [one.values(draws[0])[:, 0] - one.values(draws[1])[:, 0] for one in stacked]

    def compute(generator: np.random.Generator, times: int) -> list[NDArray[np.float64]]:
        if clusters is None:
            return differ(generator.binomial(sizes, 0.5, (times, len(sizes))))
        count = int(clusters.max(initial=-1)) + 1
        return differ(generator.integers(0, 2, (times, count))[:, clusters])

    measured = differ(np.zeros((1, len(sizes)), dtype=np.int64))
    drawn = compute_in_blocks(compute, n_iterations, 4 * len(sizes), seed)
    return {
        name: _p_value(float(value[0]), differences, spreads.get(name, 0.0))
        for name, value, differences in zip(pairs, measured, drawn, strict=True)
    }


def _p_value(measured: float, differences: NDArray[np.float64], spread: float) -> float:
    if np.isnan(measured):
        return float("nan")
    sizes = np.abs(differences[~np.isnan(differences)])
    own = float(np.sqrt(np.mean(sizes**2))) if len(sizes) else 0.0
    if 0 < own < spread:
        sizes *= spread / own
    as_large = int((sizes >= abs(measured) - _ROUNDING).sum())
    return (as_large + 1) / (len(sizes) + 1)
