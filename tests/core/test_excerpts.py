"""Lists end where they end, and say so where they do not."""

import numpy as np
import pytest

from dsf.core.errors import Problem
from dsf.core.excerpts import count, excerpt, first_problems


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([], "[]"),
        ([3], "[3]"),
        (range(5), "[0, 1, 2, 3, 4]"),
        (range(6), "[0, 1, 2, 3, 4, …]"),
        (np.array([0.5, np.nan]), "[0.5, nan]"),
        (iter(["a", "b"]), "['a', 'b']"),
    ],
)
def test_only_what_was_left_out_is_hinted_at(values, text):
    assert excerpt(values) == text


def test_the_length_can_be_chosen():
    assert excerpt("abc", shown=2) == "['a', 'b', …]"


def test_one_is_singular():
    assert [count(number, "row") for number in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]


def test_the_problems_that_are_left_out_are_counted():
    problems = [Problem(f"row {row}", "must not be.") for row in range(4)]
    assert first_problems(problems, shown=4) == problems
    assert first_problems(problems, shown=3) == [*problems[:3], Problem("", "… and 1 more.")]
