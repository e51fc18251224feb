"""Samples of rows, by number or by weight."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dsf.metrics.statistics import Draws


@given(data=st.data(), rows=st.integers(1, 8), samples=st.integers(1, 4))
def test_weights_are_how_often_each_row_was_drawn(
    data: st.DataObject, rows: int, samples: int
) -> None:
    sample = st.lists(st.integers(0, rows - 1), min_size=5, max_size=5)
    drawn = data.draw(st.lists(sample, min_size=samples, max_size=samples))
    draws = Draws(rows, indices=np.array(drawn))
    wanted = [[sample.count(row) for row in range(rows)] for sample in drawn]
    assert len(draws) == len(drawn)
    assert [draws.count(n).tolist() for n in range(len(drawn))] == wanted
    assert draws.weights.tolist() == wanted
    assert draws.weights is draws.weights
    assert [draws.count(n).tolist() for n in range(len(drawn))] == wanted


def test_everything_is_each_row_once() -> None:
    draws = Draws.everything(3)
    assert len(draws) == 1
    assert draws.indices is None
    assert draws.weights.tolist() == [[1, 1, 1]]


def test_what_is_shared_is_computed_once_for_each_owner() -> None:
    draws, calls = Draws.everything(2), []

    def compute() -> int:
        calls.append(1)
        return len(calls)

    first, second = [1], [1]  # equal, but two
    assert [draws.once(owner, compute) for owner in (first, second, first, second)] == [1, 2, 1, 2]
    assert Draws.everything(2).once(first, compute) == 3


def test_an_owner_that_is_gone_leaves_its_place_to_nobody() -> None:
    """Objects that come after one another may have one number in memory."""
    draws = Draws.everything(1)
    found = [draws.once(object(), lambda n=n: n) for n in range(50)]
    assert found == list(range(50))
