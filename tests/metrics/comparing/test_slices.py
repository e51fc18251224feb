"""Rows are cut into slices that a person would name, and found again by their ids."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, DataError
from dsf.metrics.comparing.slices import align_rows, cut_slices


def names(parts):
    return [part.value for part in parts]


@given(st.lists(st.one_of(st.none(), st.sampled_from(["de", "en", "pt"])), min_size=1))
def test_each_row_is_in_one_slice_of_a_column(values):
    parts = cut_slices(pd.DataFrame({"language": values}), ["language"])
    assert sorted(np.concatenate([part.rows for part in parts])) == list(range(len(values)))
    for part in parts:
        found = {values[row] for row in part.rows}
        assert found == {None if part.value == "(missing)" else part.value}


@given(
    st.lists(st.one_of(st.integers(-50, 50), st.floats(-9, 9), st.just(float("nan"))), min_size=1)
)
def test_numbers_of_many_values_are_cut_into_at_most_four_parts(values):
    rows = pd.DataFrame({"price": np.array(values, dtype=float)})
    parts = cut_slices(rows, ["price"])
    assert sorted(np.concatenate([part.rows for part in parts])) == list(range(len(values)))
    if rows["price"].nunique() > 20:
        numbers = [part for part in parts if part.value != "(missing)"]
        assert len(numbers) <= 4
        highest = [rows["price"].iloc[part.rows].max() for part in numbers]
        assert highest == sorted(highest)


def test_twenty_values_and_rows_without_one_are_slices():
    values = [*range(20), float("nan")]
    parts = cut_slices(pd.DataFrame({"price": values}), ["price"])
    assert len(parts) == 21
    assert parts[-1].value == "(missing)"


def test_quarters_are_of_like_size_and_say_their_borders():
    parts = cut_slices(pd.DataFrame({"price": np.arange(1, 101)}), ["price"])
    assert names(parts) == [
        "up to 25",
        "above 25 to 50",
        "above 50 to 75",
        "above 75 to 100",
    ]
    assert [len(part.rows) for part in parts] == [25] * 4


def test_borders_that_look_alike_are_written_in_full():
    parts = cut_slices(pd.DataFrame({"id": np.arange(40) + 123_456_000}), ["id"])
    assert len(set(names(parts))) == 4
    assert parts[0].value == "up to 123456009"


def test_length_is_that_of_the_text_unless_there_is_such_a_column():
    rows = pd.DataFrame({"text": ["ab", "abc", "ab"]})
    assert names(cut_slices(rows, ["length"], "text")) == ["2", "3"]
    many = pd.DataFrame({"text": ["x" * n for n in range(1, 9)]})
    cut = ["up to 2", "above 2 to 4", "above 4 to 6", "above 6 to 8"]
    assert names(cut_slices(many, ["length"], "text")) == cut
    own = rows.assign(length=["short", "long", "short"])
    assert names(cut_slices(own, ["length"], "text")) == ["long", "short"]


def test_true_and_false_and_whole_numbers_are_values():
    rows = pd.DataFrame({"new": [True, False, True], "stars": [1, 5, 5]})
    parts = cut_slices(rows, ["new", "stars"])
    assert [(part.column, part.value, part.rows.tolist()) for part in parts] == [
        ("new", "False", [1]),
        ("new", "True", [0, 2]),
        ("stars", "1", [0]),
        ("stars", "5", [1, 2]),
    ]


N = 40
DATES = pd.date_range("2024-01-01", periods=N)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pd.Categorical(["a", "b"] * 20, ["z", "b", "a"]), {"b": 20, "a": 20}),
        (pd.Categorical(["a", None] * 20, ["z", "a"]), {"a": 20, "(missing)": 20}),
        (pd.Categorical(list(range(4)) * 10, range(99)), dict.fromkeys("0123", 10)),
        ([None] * N, {"(missing)": N}),
        ([np.nan] * N, {"(missing)": N}),
        (pd.array([pd.NA] * N, dtype="Int64"), {"(missing)": N}),
        (pd.array([pd.NA] * N, dtype="string"), {"(missing)": N}),
        ([pd.NaT] * N, {"(missing)": N}),
        (["(missing)", None] * 20, {"(missing)": N}),
        ([True, None] * 20, {"True": 20, "(missing)": 20}),
        (pd.array([True, pd.NA] * 20, dtype="boolean"), {"True": 20, "(missing)": 20}),
        (list(DATES[:2]) * 20, {"2024-01-01 00:00:00": 20, "2024-01-02 00:00:00": 20}),
        ([(1, 2), (3, 4)] * 20, {"(1, 2)": 20, "(3, 4)": 20}),
    ],
)
def test_columns_of_few_values_are_cut_by_them(values, expected):
    parts = cut_slices(pd.DataFrame({"column": values}), ["column"])
    assert {part.value: len(part.rows) for part in parts} == expected
    assert sorted(np.concatenate([part.rows for part in parts])) == list(range(N))


@pytest.mark.parametrize(
    "values",
    [
        DATES,
        DATES.tz_localize("UTC"),
        [date.date() for date in DATES],
        [str(date) for date in DATES],
        pd.period_range("2024", periods=N, freq="D"),
        pd.Categorical(range(N)),
        [*range(N - 1), "many"],
    ],
)
def test_columns_of_many_values_that_are_no_numbers_are_refused(values):
    with pytest.raises(ConfigError, match=r"'made' has 40\. Name a coarser one, such as the month"):
        cut_slices(pd.DataFrame({"made": values}), ["made"])


@given(
    st.lists(st.one_of(st.none(), st.floats(allow_nan=False), st.integers(-99, 99)), min_size=21)
)
def test_numbers_that_a_file_has_as_text_are_cut_as_numbers(values):
    numbers = pd.Series(values, dtype=float)
    texts = pd.Series([None if value is None else repr(float(value)) for value in values])
    if numbers.nunique() > 20:
        cut = [cut_slices(pd.DataFrame({"x": side}), ["x"]) for side in (numbers, texts)]
        assert names(cut[0]) == names(cut[1])
        for one, other in zip(*cut, strict=True):
            assert one.rows.tolist() == other.rows.tolist()


def test_all_columns_that_cannot_be_cut_are_named_at_once():
    rows = pd.DataFrame(
        {"name": [f"n{row}" for row in range(21)], "tags": [["a"]] * 21, "language": ["de"] * 21}
    )
    with pytest.raises(ConfigError) as caught:
        cut_slices(rows, ["langauge", "name", "tags", "length"])
    message = str(caught.value)
    assert "'langauge' is none of ['name', 'tags', 'language']. Of a file, a run keeps" in message
    assert "dataset_config.keep_columns" in message
    assert "at most 20 different values to make slices of, but 'name' has 21" in message
    assert "must name columns of plain values, but 'tags' holds [['a']" in message
    assert "'length' is none of" in message


@pytest.mark.parametrize("make", [int, str])
def test_rows_are_found_by_their_ids(make):
    rows = pd.DataFrame({"row_id": [make(row) for row in (3, 1, 2)], "language": ["c", "a", "b"]})
    found = align_rows(rows, np.array([1, 3]))
    assert found["language"].tolist() == ["a", "c"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"id": [1, 2]}, r"rows: must have a column 'row_id', but have \['id'\]"),
        ({"row_id": [1, 1]}, r"rows.row_id: must be unique, but these repeat: \[1\]"),
        ({"row_id": [1, 5]}, r"must have every row that was answered, but not 1 answer: \[2\]"),
    ],
)
def test_rows_that_do_not_fit_are_refused(rows, message):
    with pytest.raises(DataError, match=message):
        align_rows(pd.DataFrame(rows), np.array([1, 2]))
