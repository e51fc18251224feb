"""McNemar's exact test, against the sum of the binomial distribution."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.metrics.resampling import mcnemar_p_value


def by_hand(only_one: int, only_other: int) -> float:
    """Twice the smaller tail of fair coins; both tails are alike, so that this is exact."""
    rows, least = only_one + only_other, min(only_one, only_other)
    return min(1.0, 2 * sum(comb(rows, k) for k in range(least + 1)) / 2**rows)


def sides(both: int, only_one: int, only_other: int, neither: int) -> tuple[list[int], list[int]]:
    one = [1] * both + [1] * only_one + [0] * only_other + [0] * neither
    other = [1] * both + [0] * only_one + [1] * only_other + [0] * neither
    return one, other


def test_a_textbook_table():
    # 10 of 12 rows that only one gets right: 2 * (1 + 12 + 66) / 4096.
    assert mcnemar_p_value(*sides(50, 10, 2, 5)) == pytest.approx(158 / 4096)


@given(st.tuples(*[st.integers(0, 40)] * 4))
def test_it_is_the_sum_of_the_binomial(counts):
    one, other = sides(*counts)
    assert mcnemar_p_value(one, other) == pytest.approx(by_hand(counts[1], counts[2]), rel=1e-9)


@given(st.lists(st.tuples(st.booleans(), st.booleans())))
def test_sides_and_order_do_not_matter(rows):
    first, second = [a for a, _ in rows], [b for _, b in rows]
    p_value = mcnemar_p_value(first, second)
    assert 0 < p_value <= 1
    assert mcnemar_p_value(second, first) == p_value
    assert mcnemar_p_value(first[::-1], second[::-1]) == p_value


def test_two_models_that_are_right_on_the_same_rows_do_not_differ():
    assert mcnemar_p_value(np.ones(4), np.ones(4)) == 1.0
    assert mcnemar_p_value([], []) == 1.0
