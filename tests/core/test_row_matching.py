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


@pytest.mark.parametrize(
    ("wanted", "known", "places"),
    [
        ([58.0, 7.0], ["7", "58"], [1, 0]),
        (["58", "7"], [7.0, 58.0], [1, 0]),
        ([58.0, 7.0], [7, 58], [1, 0]),
        (np.array([58, 7], dtype=object), ["7", "58"], [1, 0]),
        (np.array([58, 7.0], dtype=object), [7, 58], [1, 0]),
        (["58.0", "7.0"], ["7", "58"], [1, 0]),
        (["1.0", "2.0"], ["2.0", "1.0"], [1, 0]),
        (["1.0", "v2"], ["1", "v2"], [-1, 1]),
        ([0.5, 1.5], ["1.5", "0.5"], [1, 0]),
        ([2**53 + 1, 2**53], [2.0**53, 5.0], [-1, 0]),
        (np.array([2**63 + 1, 3], dtype=np.uint64), [3, -1], [-1, 0]),
        ([1, 2], ["02", "1"], [1, -1]),
    ],
)
def test_an_id_is_one_however_it_was_stored(wanted, known, places):
    assert find_rows(np.asarray(wanted), np.asarray(known)).tolist() == places
    turned = [places.index(at) if at in places else -1 for at in range(len(known))]
    assert find_rows(np.asarray(known), np.asarray(wanted)).tolist() == turned
