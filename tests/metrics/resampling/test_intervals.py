"""Percentile intervals: the ends that ``numpy.percentile`` gives, and what is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.metrics.resampling import Interval, percentile_intervals

numbers = st.floats(-10, 10)


@given(st.lists(numbers, min_size=1, max_size=30), st.floats(0.1, 49))
def test_the_ends_are_those_of_numpy(samples: list[float], percentile: float) -> None:
    ends = (percentile, 100 - percentile)
    (found,) = percentile_intervals(np.array([0.5]), np.array(samples)[:, None], ends)
    assert found is not None
    lower, upper = np.percentile(samples, ends)
    assert (found.value, found.lower, found.upper) == (0.5, lower, upper)
    assert found.lower <= found.upper


@given(st.lists(numbers, min_size=1, max_size=20), st.integers(1, 5))
def test_samples_without_the_number_are_left_out_and_counted(
    samples: list[float], missing: int
) -> None:
    there, ends = np.array(samples)[:, None], (2.5, 97.5)
    some = np.vstack([there, np.full((missing, 1), np.nan)])
    measured = np.array([0.0])
    (found,), (whole,) = (percentile_intervals(measured, one, ends) for one in (some, there))
    assert found is not None
    assert found.missing_samples == missing / (len(samples) + missing)
    assert replace(found, missing_samples=0.0) == whole
    assert "missing_samples" in found.to_dict()


def test_a_number_that_the_rows_do_not_have_has_no_interval() -> None:
    samples = np.array([[0.1, np.nan], [0.3, np.nan]])
    found = percentile_intervals(np.array([0.2, np.nan]), samples, (2.5, 97.5))
    assert found[0] is not None
    assert found[1] is None


def test_an_interval_as_plain_values() -> None:
    interval = Interval(0.5, 0.4, 0.6)
    assert interval.to_dict() == {"value": 0.5, "lower": 0.4, "upper": 0.6}


def test_wider_ends_hold_narrower_ones() -> None:
    samples = np.random.default_rng(0).normal(size=(500, 1))
    wide, narrow = (
        percentile_intervals(np.zeros(1), samples, ends)[0] for ends in ((1, 99), (10, 90))
    )
    assert wide is not None
    assert narrow is not None
    assert wide.lower < narrow.lower < narrow.upper < wide.upper
    assert narrow.lower == pytest.approx(-1.28, abs=0.2)
