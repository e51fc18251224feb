"""Rows of numbers by their hashes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dsf.data import hash_number_rows

KNOWN = [8908929057036585851, 7373934272132878346]  # by RFC 7693, of the bytes of [0.5, 0], [1, 2]
NUMBERS = st.floats(width=32, allow_nan=False)


@given(arrays(np.float32, (7, 3), elements=NUMBERS))
def test_equal_rows_have_equal_hashes_and_others_have_others(rows):
    hashes = hash_number_rows(rows)
    assert hashes.dtype == np.uint64
    for one in range(7):
        for other in range(7):
            assert (hashes[one] == hashes[other]) == bool((rows[one] == rows[other]).all())


def test_they_are_the_same_everywhere():
    rows = np.array([[0.5, -0.0], [1.0, 2.0]])
    assert hash_number_rows(rows).tolist() == KNOWN
    assert hash_number_rows(np.asfortranarray(rows, dtype=np.float32)).tolist() == KNOWN
    assert hash_number_rows(np.abs(rows)).tolist() == KNOWN


def test_no_row_has_no_hash():
    assert hash_number_rows(np.empty((0, 4))).tolist() == []
