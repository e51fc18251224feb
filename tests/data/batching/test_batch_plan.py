"""Plans lose no row, keep their limits, and are the same on every process."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import ConfigError
from dsf.data.batching import BatchPlan

LENGTHS = st.lists(st.integers(1, 20), min_size=1, max_size=80)
LIMITS = st.sampled_from([(1, None), (4, None), (None, 20), (None, 33), (3, 25)])


def plans(lengths, world, **options):
    return [BatchPlan(lengths, world=world, rank=rank, **options) for rank in range(world)]


@given(
    lengths=LENGTHS,
    limits=LIMITS,
    order=st.sampled_from(["random", "length"]),
    world=st.integers(1, 5),
    epoch=st.integers(0, 3),
)
def test_no_row_is_lost_and_every_process_has_as_many_batches(lengths, limits, order, world, epoch):
    size, tokens = limits
    shares = [
        plan.batches(epoch)
        for plan in plans(lengths, world, batch_size=size, max_tokens=tokens, order=order)
    ]
    assert len({len(share) for share in shares}) == 1
    batches = [batch for share in shares for batch in share]
    rows = np.concatenate(batches)
    assert set(rows) == set(range(len(lengths)))
    assert len(rows) - len(lengths) < world
    for batch in batches:
        assert len(batch) >= 1
        assert size is None or len(batch) <= size
        assert tokens is None or sum(lengths[row] for row in batch) <= tokens


@given(rows=st.integers(1, 200), size=st.integers(2, 9), world=st.integers(1, 5))
def test_a_row_comes_twice_only_where_a_step_has_fewer_rows_than_processes(rows, size, world):
    shares = [plan.batches(0) for plan in plans([1] * rows, world, batch_size=size)]
    seen = np.concatenate([batch for share in shares for batch in share])
    rest = rows % (size * world)
    assert len(seen) - rows == (max(0, world - rest) if rest else 0)


@given(lengths=LENGTHS, limits=LIMITS, world=st.integers(1, 4))
def test_the_given_order_shows_every_row_once(lengths, limits, world):
    size, tokens = limits
    options = {"batch_size": size, "max_tokens": tokens, "order": "given"}
    shares = [plan.batches(0) for plan in plans(lengths, world, **options)]
    whole = BatchPlan(lengths, **options).batches(0)
    assert np.concatenate(whole).tolist() == list(range(len(lengths)))
    for at, batch in enumerate(whole):
        assert shares[at % world][at // world].tolist() == batch.tolist()
    assert sum(map(len, shares)) == len(whole)


def test_a_step_learns_from_the_same_rows_on_one_process_as_on_several():
    lengths = np.arange(1, 97)
    (alone,) = plans(lengths, 1, batch_size=16)
    shares = [plan.batches(2) for plan in plans(lengths, 4, batch_size=4)]
    for step, batch in enumerate(alone.batches(2)):
        assert np.concatenate([share[step] for share in shares]).tolist() == batch.tolist()


def test_batches_depend_on_seed_and_epoch_alone():
    lengths = np.arange(1, 101)
    plan = BatchPlan(lengths, batch_size=10, seed=7)
    second = np.concatenate(plan.batches(1)).tolist()
    first = np.concatenate(plan.batches(0)).tolist()
    assert np.concatenate(BatchPlan(lengths, batch_size=10, seed=7).batches(1)).tolist() == second
    assert np.concatenate(BatchPlan(lengths, batch_size=10, seed=8).batches(1)).tolist() != second
    assert first != second
    assert first != sorted(first)


def test_random_batches_ignore_the_length():
    """Their mean lengths spread as those of random draws do, where sorted ones spread far more."""
    lengths = np.random.default_rng(0).integers(1, 60, 6400)
    spread = {
        order: np.std([lengths[b].mean() for b in plan.batches(0)]) / (lengths.std() / 32**0.5)
        for order in ("random", "length")
        for plan in [BatchPlan(lengths, batch_size=32, order=order)]
    }
    assert 0.8 < spread["random"] < 1.2
    assert spread["length"] > 3


def test_batches_of_like_length_need_little_padding_and_come_in_no_order():
    lengths = np.random.default_rng(0).integers(1, 60, 6400)
    batches = BatchPlan(lengths, batch_size=32, order="length").batches(0)
    assert sum(lengths[b].max() * len(b) for b in batches) < 1.05 * lengths.sum()
    means = [lengths[b].mean() for b in batches]
    assert abs(np.corrcoef(means[:-1], means[1:])[0, 1]) < 0.3
    again = BatchPlan(lengths, batch_size=32, order="length").batches(1)
    assert {frozenset(b.tolist()) for b in batches}.isdisjoint(frozenset(b.tolist()) for b in again)


def test_batches_by_tokens_are_full():
    lengths = np.random.default_rng(0).integers(1, 30, 5000)
    batches = BatchPlan(lengths, max_tokens=512).batches(0)
    assert min(lengths[b].sum() for b in batches[:-1]) > 512 - 30


def test_no_rows_make_no_batches():
    assert BatchPlan([], batch_size=4, world=2).batches(0) == []


def test_all_mistakes_are_named_at_once():
    with pytest.raises(ConfigError) as caught:
        BatchPlan([3, 9, 12], max_tokens=8, batch_size=0, order="size", seed=-1, world=2, rank=2)
    assert [problem.where for problem in caught.value.problems] == [
        "batch_size",
        "max_tokens",
        "order",
        "seed",
        "rank",
    ]
    assert "at least 12, the tokens of the longest row, but is 8: 2 rows" in str(caught.value)
    with pytest.raises(ConfigError, match="but neither is"):
        BatchPlan([3])
