"""How rows are drawn: each as often as it should be, strata kept, clusters together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare, ks_2samp

from dsf.metrics.resampling import ByCluster, ByKind, ByRow, ByStratum, Resampling

groups = st.lists(st.integers(0, 4), min_size=1, max_size=30).map(
    lambda codes: np.unique(codes, return_inverse=True)[1]
)
seeds = st.integers(0, 99)


def draw(resampling: Resampling, times: int, seed: int = 0) -> np.ndarray:
    """Give how often each row counts. Shape: ``(times, rows)``."""
    return resampling.draw(np.random.default_rng(seed), times).weights


@given(st.integers(1, 30), seeds)
def test_rows_are_drawn_as_many_as_there_are(rows: int, seed: int) -> None:
    drawn = draw(ByRow(rows), 5, seed)
    assert drawn.shape == (5, rows)
    assert (drawn.sum(axis=1) == rows).all()


@given(groups, seeds)
def test_a_stratum_keeps_its_size(strata: np.ndarray, seed: int) -> None:
    drawn = draw(ByStratum(strata), 4, seed)
    for sample in drawn:
        assert np.bincount(strata, sample).tolist() == np.bincount(strata).tolist()


@given(groups, seeds)
def test_a_cluster_stays_together(clusters: np.ndarray, seed: int) -> None:
    drawn = draw(ByCluster(clusters), 4, seed)
    count = clusters.max() + 1
    for sample in drawn:
        often = [np.unique(sample[clusters == each]) for each in range(count)]
        assert all(len(one) == 1 for one in often)
        assert sum(int(one[0]) for one in often) == count


@given(groups, groups, seeds)
def test_kinds_are_counted_as_their_rows_would_be(
    strata: np.ndarray, kinds: np.ndarray, seed: int
) -> None:
    size = min(len(strata), len(kinds))
    strata, kinds = (np.unique(each[:size], return_inverse=True)[1] for each in (strata, kinds))
    by_row, by_stratum = ByRow(size).by_kind(kinds), ByStratum(strata).by_kind(kinds)
    for by_kind in (by_row, by_stratum):
        drawn = draw(by_kind, 3, seed)
        assert drawn.shape == (3, kinds.max() + 1)
        assert (drawn.sum(axis=1) == size).all()
    assert ByCluster(strata).by_kind(kinds) is None


def test_a_kind_of_one_stratum_alone_keeps_its_count() -> None:
    strata, kinds = np.array([0, 0, 0, 1, 1]), np.array([2, 2, 2, 0, 1])
    drawn = draw(ByStratum(strata).by_kind(kinds), 50)
    assert (drawn[:, 2] == 3).all()
    assert (drawn[:, :2].sum(axis=1) == 2).all()
    assert len(np.unique(drawn[:, 0])) == 3


@pytest.mark.parametrize(
    "resampling",
    [
        ByRow(6),
        ByStratum([0, 1, 1, 0, 1, 1]),
        ByCluster([0, 1, 1, 2, 2, 0]),
        ByKind(np.array([[1, 1, 1, 1]])),
    ],
)
def test_every_row_has_the_same_chance(resampling: Any) -> None:
    drawn = draw(resampling, 20_000, seed=1)
    assert drawn.mean(axis=0) == pytest.approx(np.ones(resampling.rows), abs=0.04)


def test_how_often_a_row_comes_is_binomial() -> None:
    """Of four rows drawn four times, one comes 0, 1, … times with chances of C(4, k) 3^(4-k)."""
    often = draw(ByRow(4), 40_000, seed=2)[:, 0]
    expected = np.array([81, 108, 54, 12, 1]) / 256 * len(often)
    assert chisquare(np.bincount(often, minlength=5), expected).pvalue > 0.01


def test_strata_are_drawn_like_rows_of_their_own() -> None:
    """Within a stratum of four, a row comes as often as among four rows alone."""
    often = draw(ByStratum([1, 0, 1, 1, 0, 1]), 40_000, seed=3)[:, 0]
    expected = np.array([81, 108, 54, 12, 1]) / 256 * len(often)
    assert chisquare(np.bincount(often, minlength=5), expected).pvalue > 0.01


@pytest.mark.parametrize("strata", [None, [0, 1] * 60])
def test_kinds_have_the_distribution_of_rows(strata: list[int] | None) -> None:
    """Multinomial counts of kinds against counts of the rows drawn: means, spreads, all of it."""
    kinds = np.random.default_rng(4).choice(4, 120, p=[0.6, 0.25, 0.1, 0.05])
    resampling = ByRow(120) if strata is None else ByStratum(strata)
    rows = draw(resampling, 6000, seed=5)
    plain = np.stack([np.bincount(kinds, sample, minlength=4) for sample in rows])
    by_kind = resampling.by_kind(kinds)
    assert by_kind is not None
    fast = draw(by_kind, 6000, seed=6)
    assert fast.mean(axis=0) == pytest.approx(plain.mean(axis=0), abs=0.25)
    assert np.cov(fast.T) == pytest.approx(np.cov(plain.T), rel=0.08, abs=0.6)
    for kind in range(4):
        assert ks_2samp(plain[:, kind], fast[:, kind]).pvalue > 0.01
