"""Rows are found again by their ids, whether these are numbers or text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.row_matching import find_rows

IDS = st.lists(st.integers(0, 40), unique=True)


@pytest.mark.parametrize(("mine", "theirs"), [(int, int), (str, str), (int, str), (str, int)])
@given(wanted=IDS, known=IDS)
def test_each_row_is_found_where_it_stands(mine, theirs, wanted, known):
    first, second = (
        np.array([make(one) for one in ids], dtype=object if make is str else None)
        for make, ids in ((mine, wanted), (theirs, known))
    )
    expected = [known.index(one) if one in known else -1 for one in wanted]
    if wanted and known:
        assert find_rows(first, second).tolist() == expected


def test_text_is_taken_as_it_is_written():
    assert find_rows(["007", "7"], [7, 8]).tolist() == [-1, 0]
