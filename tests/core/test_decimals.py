"""Numbers as people read them, in every table alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.decimals import as_decimal, as_difference, as_duration


@pytest.mark.parametrize(
    ("value", "places", "plain", "signed"),
    [
        (0.12345, 4, "0.1235", "+0.1235"),
        (-0.00004, 4, "0.0000", "0.0000"),
        (-0.5, 3, "-0.500", "-0.500"),
        (12345.678, 4, "12345.6780", "+12345.6780"),
        (1234567.8, 4, "1.23457e+06", "+1.23457e+06"),
        (-1e12, 3, "-1e+12", "-1e+12"),
    ],
)
def test_a_number_and_a_difference(value: float, places: int, plain: str, signed: str) -> None:
    assert as_decimal(value, places) == plain
    assert as_difference(value, places) == signed


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 6))
def test_what_is_written_is_the_number(value: float, places: int) -> None:
    for text in (as_decimal(value, places), as_difference(value, places)):
        assert float(text) == pytest.approx(value, rel=1e-5, abs=0.51 * 10**-places)
        assert float(text) != 0 or text[0] == "0"  # nothing has no sign
        assert len(text) < 20


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (59.94, "59.9 s"), (59.96, "1 min 00 s"), (185, "3 min 05 s"),
     (3599.6, "1 h 00 min"), (7440, "2 h 04 min")],
)  # fmt: skip
def test_a_duration(seconds: float, text: str) -> None:
    assert as_duration(seconds) == text
