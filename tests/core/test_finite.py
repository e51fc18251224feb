"""Numbers that JSON has no word for become texts, and all else stays."""

import json
import math

from hypothesis import given
from hypothesis import strategies as st

from dsf.core.finite import spell_not_finite

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(PLAIN)
def test_what_comes_out_is_strict_json(value):
    json.dumps(spell_not_finite(value), allow_nan=False)


def test_only_numbers_that_are_not_finite_change():
    plain = {"a": [1, 2.5, None, True, "inf"], "b": {"c": math.inf, "d": [-math.inf, math.nan]}}
    assert spell_not_finite(plain) == {
        "a": [1, 2.5, None, True, "inf"],
        "b": {"c": "inf", "d": ["-inf", "nan"]},
    }
