"""Holm's correction, against a table worked by hand and as a rule."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.metrics.resampling import holm

P_VALUES = st.dictionaries(st.text("abcdef", min_size=1), st.floats(0, 1), max_size=8)


def test_the_table_worked_by_hand():
    # 0.01 * 4; then 0.02 * 3; then 0.03 * 2, which is no more; then 0.9 * 1.
    found = holm({"b": 0.02, "d": 0.9, "a": 0.01, "c": 0.03})
    assert found == pytest.approx({"b": 0.06, "d": 0.9, "a": 0.04, "c": 0.06})
    assert list(found) == ["b", "d", "a", "c"]


def test_none_is_above_one_and_equal_ones_stay_equal():
    assert holm({"a": 0.5, "b": 0.5, "c": 0.5}) == {"a": 1.0, "b": 1.0, "c": 1.0}
    assert holm({}) == {}


def test_what_was_not_tested_stays_and_does_not_count():
    found = holm({"a": 0.01, "b": math.nan, "c": 0.02})
    assert found["a"] == 0.02
    assert found["c"] == 0.02
    assert math.isnan(found["b"])


@given(P_VALUES)
def test_a_corrected_one_is_larger_in_the_same_order_and_below_that_of_bonferroni(p_values):
    found = holm(p_values)
    for name, before in p_values.items():
        assert before <= found[name] <= min(1.0, len(p_values) * before) or found[name] == 1
        assert found[name] <= max(before, min(1.0, len(p_values) * max(p_values.values())))
        for other, value in p_values.items():
            if before <= value:
                assert found[name] <= found[other]


@given(P_VALUES, st.floats(0.001, 0.5))
def test_it_finds_what_stepping_down_finds(p_values, alpha):
    """As Holm writes it: go on from the smallest for as long as p ≤ alpha / (how many are left)."""
    significant = set()
    order = sorted(p_values, key=lambda name: p_values[name])
    for place, name in enumerate(order):
        if p_values[name] * (len(order) - place) > alpha:
            break
        significant.add(name)
    found = holm(p_values)
    assert significant == {name for name in p_values if found[name] <= alpha}
