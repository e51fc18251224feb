"""Samples computed in blocks: all of them, in order, whatever the threads and sizes."""

from __future__ import annotations

import os

import numpy as np
import pytest

from dsf.metrics.resampling.blocks import compute_in_blocks

FULL = 1_000_000  # numbers a block has


def draw(generator: np.random.Generator, times: int) -> list[np.ndarray]:
    values = generator.random((times, 2))
    return [values, values.sum(axis=1)]


@pytest.mark.parametrize(
    ("samples", "size"), [(1, 1), (7, FULL // 3), (5, FULL), (3, 5 * FULL), (4, 0)]
)
def test_every_sample_is_there(samples: int, size: int) -> None:
    first, second = compute_in_blocks(draw, samples, size, seed=3)
    assert first.shape == (samples, 2)
    assert second == pytest.approx(first.sum(axis=1))
    assert len(np.unique(first)) == 2 * samples, "no block repeats the chance of another"


def test_a_block_is_not_larger_than_it_may_be() -> None:
    seen: list[int] = []

    def compute(generator: np.random.Generator, times: int) -> list[np.ndarray]:
        seen.append(times)
        return draw(generator, times)

    compute_in_blocks(compute, 10, FULL // 4, seed=0)
    assert sorted(seen) == [2, 4, 4]


def test_one_processor_gives_the_same_as_all() -> None:
    everywhere = compute_in_blocks(draw, 9, FULL // 2, seed=1)
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        alone = compute_in_blocks(draw, 9, FULL // 2, seed=1)
    finally:
        os.sched_setaffinity(0, allowed)
    for one, other in zip(everywhere, alone, strict=True):
        assert np.array_equal(one, other)


def test_another_seed_gives_others() -> None:
    first, other = (compute_in_blocks(draw, 3, 1, seed)[0] for seed in (0, 1))
    assert not np.isclose(first, other).any()


def test_an_error_in_a_block_is_raised() -> None:
    def fail(generator: np.random.Generator, times: int) -> list[np.ndarray]:
        raise ZeroDivisionError("in a block")

    with pytest.raises(ZeroDivisionError, match="in a block"):
        compute_in_blocks(fail, 5, FULL, seed=0)
