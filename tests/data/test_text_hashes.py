"""Texts are known again by their hashes, on any machine."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dsf.data import hash_texts

WHERE = 16133313030267969672
NOTHING = 13020603013274838756


def test_the_hash_of_a_text_never_changes():
    """Bundles that were exported years ago must still know what they have learned from."""
    assert hash_texts(["where is my order", ""]).tolist() == [WHERE, NOTHING]


@given(st.lists(st.text(), unique=True, max_size=50))
def test_equal_texts_and_no_others_have_equal_hashes(texts):
    hashes = hash_texts(texts)
    assert hashes.dtype == np.uint64
    assert len(set(hashes.tolist())) == len(texts)
    np.testing.assert_array_equal(hash_texts(list(texts)), hashes)
