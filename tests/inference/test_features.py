"""Rows of numbers that a caller asks about: read as they are, or refused with all that is wrong."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import DataError
from dsf.inference.features import read_features

NAMES = ["a", "b"]
TABLE = pd.DataFrame({"b": [1, 2], "more": ["x", "y"], "a": [0.5, 1.5]}, index=[7, 3])


def refused(asked):
    with pytest.raises(DataError) as raised:
        read_features(asked, NAMES)
    return str(raised.value)


def test_a_table_is_read_by_the_names_of_its_columns():
    read = read_features(TABLE, NAMES)
    assert read[NAMES].to_numpy().tolist() == [[0.5, 1.0], [1.5, 2.0]]
    assert list(read.index) == [7, 3]
    assert "more" in read


@pytest.mark.parametrize("kind", [list, np.array, tuple, lambda rows: iter(rows)])
def test_rows_without_names_are_read_in_the_order_of_the_features(kind):
    read = read_features(kind([[1.0, 2.0], [3.0, 4.0]]), NAMES)
    assert read[NAMES].to_numpy().tolist() == [[1.0, 2.0], [3.0, 4.0]]


@pytest.mark.parametrize("nothing", [[], np.empty((0, 2)), TABLE.head(0)])
def test_no_row_may_be_asked(nothing):
    assert len(read_features(nothing, NAMES)) == 0


def test_all_columns_that_lack_are_named():
    said = refused(pd.DataFrame({"c": [1.0]}))
    assert "['a', 'b']: must be columns" in said
    assert "the columns are: ['c']" in said


def test_a_column_that_repeats_is_refused():
    said = refused(pd.DataFrame([[1.0, 2.0, 3.0]], columns=["a", "b", "b"]))
    assert "['b']: must be columns once, but repeat." in said


def test_a_gap_in_bare_rows_is_told_by_its_place():
    assert "row 1, a: must be a number that 32 bits can hold, but is missing." in refused(
        [[0.5, 1.0], [None, 1.0]]
    )
    said = refused([["1", 1.0], ["y", 2.0]])
    assert "a: must hold numbers" in said
    assert "b: must" not in said


def test_of_many_wrong_numbers_some_are_told_and_all_are_counted():
    said = refused(np.full((4000, 2), np.nan))
    assert "row 9, b: must be" in said
    assert "row 10, a" not in said
    assert "… and 7980 more." in said


@pytest.mark.parametrize("values", [["1", "2"], [None, "x"], [1j, 2j]])
def test_what_is_no_number_is_refused_by_column(values):
    said = refused(TABLE.assign(a=values, b=pd.Series(["u", "v"], index=TABLE.index)))
    assert "a: must hold numbers" in said
    assert "b: must hold numbers" in said


def test_numbers_that_are_missing_or_too_large_are_refused_by_row():
    said = refused(pd.DataFrame({"a": [1.0, np.nan, 3.0], "b": [1e39, 2.0, -np.inf]}))
    assert "row 0, b: must be a number that 32 bits can hold, but is 1e+39." in said
    assert "row 1, a: must be a number that 32 bits can hold, but is missing." in said
    assert "row 2, b: must be a number that 32 bits can hold, but is -inf." in said
    gaps = pd.DataFrame({"a": pd.array([1, None], "Int64"), "b": [1, 2]})
    assert "row 1, a: must be a number that 32 bits can hold, but is missing." in refused(gaps)


@pytest.mark.parametrize(
    ("asked", "came"),
    [
        ("1 2", "are a str"),
        ({"a": [1]}, "are a dict"),
        (pd.Series([1.0, 2.0]), "are a Series"),
        (3, "are a int"),
        ([1.0, 2.0], r"have the shape (2,)"),
        ([[1.0], [2.0]], r"have the shape (2, 1)"),
        ([[1.0], [2.0, 3.0]], "are rows of more than one length"),
    ],
)
def test_other_shapes_are_refused(asked, came):
    said = refused(asked)
    assert "rows of 2 numbers each" in said
    assert came in said


@given(st.lists(st.tuples(st.floats(width=32), st.floats(width=32)), min_size=1, max_size=8))
def test_rows_are_read_or_each_that_cannot_be_is_told(rows):
    table = pd.DataFrame(rows, columns=NAMES)
    bad = [row for row, values in enumerate(rows) if not np.isfinite(values).all()]
    if not bad:
        assert read_features(table, NAMES) is table
        return
    said = refused(table)
    assert f"row {bad[0]}, " in said
    assert len(bad) < 9
    assert not any(f"row {row}, " in said for row in range(len(rows)) if row not in bad)
