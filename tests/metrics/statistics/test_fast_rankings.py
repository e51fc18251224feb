"""Compiled loops give what numpy gives; without numba nothing is lost but time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsf.metrics.statistics import Draws, Rankings, RowKinds
from dsf.metrics.statistics.kernels import (
    compile_kernel,
    count_rows,
    is_worth_compiling,
    load_numba,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

pytest.importorskip("numba")

VISITS = 600_000  # of rows; above what compiled loops are taken for
TREE = Path(__file__).resolve().parents[3]


@pytest.fixture
def without_numba(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "numba", None)
    load_numba.cache_clear()
    yield
    monkeypatch.undo()
    load_numba.cache_clear()


def score_in_numpy(rankings: Rankings, draws: Draws) -> dict[str, NDArray[np.float64]]:
    """Score one sample at a time: too little work for compiled loops."""
    one_by_one = [Draws(draws.rows, weights=draws.count(n)[None]) for n in range(len(draws))]
    each = [rankings.scores(one) for one in one_by_one]
    return {name: np.concatenate([one[name] for one in each]) for name in each[0]}


def assert_same(rankings: Rankings, draws: Draws) -> None:
    assert is_worth_compiling(len(draws) * rankings.truth.size)
    assert not is_worth_compiling(rankings.truth.size)
    fast, plain = rankings.scores(draws), score_in_numpy(rankings, draws)
    for name in ("roc_auc", "average_precision"):
        np.testing.assert_allclose(fast[name], plain[name], rtol=0, atol=1e-12, equal_nan=True)


@settings(max_examples=12, deadline=None)
@given(
    rows=st.integers(3000, 6000),
    labels=st.integers(1, 3),
    share=st.sampled_from([0, 0.001, 0.1, 0.6, 1]),
    digits=st.sampled_from([0, 1, 2, 9]),
    in_one=st.booleans(),
    by_weight=st.booleans(),
    seed=st.integers(0, 99),
)
def test_the_same_numbers_as_by_numpy(
    rows: int, labels: int, share: float, digits: int, in_one: bool, by_weight: bool, seed: int
) -> None:
    """Ties or none, no label or nothing else, all labels apart or in one ranking."""
    random = np.random.default_rng(seed)
    truth = random.random((rows, labels)) < share
    rankings = Rankings(truth, random.random((rows, labels)).round(digits), in_one=in_one)
    times = VISITS // truth.size + 1
    if by_weight:
        draws = Draws(rows, weights=random.poisson(1.0, (times, rows)))
    else:
        draws = Draws(rows, indices=random.integers(0, rows, (times, rows)))
    assert_same(rankings, draws)


@pytest.mark.parametrize(
    "weights",
    [
        np.full((200, 3001), 70_000),  # more than 16 bits
        np.full((200, 3001), 0.5),  # no whole numbers
        np.zeros((200, 3001), dtype=np.int64),  # nothing at all
    ],
)
def test_weights_that_do_not_fit_are_summed_by_numpy(weights: NDArray[np.float64]) -> None:
    random = np.random.default_rng(0)
    rankings = Rankings(random.random((3001, 1)) < 0.3, random.random((3001, 1)))
    assert_same(rankings, Draws(3001, weights=weights))


def test_a_row_that_is_drawn_too_often_to_count() -> None:
    """One row comes 70,000 times: its count would wrap around in 16 bits."""
    random = np.random.default_rng(0)
    rankings = Rankings(random.random((3001, 1)) < 0.3, random.random((3001, 1)))
    indices = random.integers(0, 3001, (200, 70_000))
    indices[3] = 17
    draws = Draws(3001, indices=indices)
    assert draws.narrow() is None
    assert Draws(3001, indices=indices[:3]).narrow() is not None
    assert_same(rankings, draws)


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 50), st.booleans(), st.integers(0, 99))
def test_kinds_are_counted_as_by_numpy(kinds: int, by_weight: bool, seed: int) -> None:
    random = np.random.default_rng(seed)
    codes = random.integers(0, kinds, 5000)
    counted = RowKinds(codes, random.integers(0, 9, (kinds, 3)))
    indices = random.integers(0, 5000, (150, 5000))
    draws = Draws(5000, indices=indices)
    if by_weight:
        draws = Draws(5000, weights=draws.weights)
    found = counted.sums(draws)
    plain = np.array([counted.table.toarray()[codes[rows]].sum(axis=0) for rows in indices])
    assert np.array_equal(found, plain)


@pytest.mark.usefixtures("without_numba")
def test_without_numba_numpy_does_it() -> None:
    assert load_numba() is None
    assert not is_worth_compiling(10 * VISITS)
    random = np.random.default_rng(0)
    rankings = Rankings(random.random((3001, 1)) < 0.3, random.random((3001, 1)))
    draws = Draws(3001, indices=random.integers(0, 3001, (200, 3001)))
    plain = score_in_numpy(rankings, draws)
    assert np.array_equal(rankings.scores(draws)["roc_auc"], plain["roc_auc"])


def test_numba_that_is_broken_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = 'raise ImportError("Numba needs NumPy 2.4 or less.")\n'
    (tmp_path / "numba.py").write_text(text, encoding="utf-8")
    monkeypatch.delitem(sys.modules, "numba")
    monkeypatch.syspath_prepend(tmp_path)
    load_numba.cache_clear()
    try:
        assert load_numba() is None
        assert "numba cannot be imported, so intervals take longer: Numba needs" in caplog.text
    finally:
        load_numba.cache_clear()


def test_numba_is_loaded_when_it_is_needed() -> None:
    script = "import sys, dsf.metrics; sys.exit('numba' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], cwd=TREE, check=False)
    assert found.returncode == 0


@pytest.fixture
def compiled_anew() -> Iterator[None]:
    compile_kernel.cache_clear()
    yield
    compile_kernel.cache_clear()


@pytest.mark.usefixtures("compiled_anew")
@pytest.mark.parametrize("writable", [True, False])
def test_where_compiled_loops_are_kept(
    writable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the folder that is named; where nothing can be written, they are compiled each time."""
    import numba
    from numba.core.caching import CacheImpl

    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    if not writable:  # the tests may run as root, who can write anywhere
        monkeypatch.setattr(CacheImpl, "_locator_classes", [])
    drawn = np.array([[2, 0, 2]], dtype=np.uint64)
    counts = np.zeros((1, 3), dtype=np.uint16)
    compile_kernel(count_rows)(drawn, counts)
    assert counts.tolist() == [[1, 0, 2]]
    assert bool(list(tmp_path.rglob("*.nbi"))) == writable
