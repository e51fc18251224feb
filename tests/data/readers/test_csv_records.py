"""Quotes of a CSV that are not sound are found with their lines, in files of any size."""

import csv
import io

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dsf.core.errors import DataError
from dsf.data.readers import ColumnNames, delimited, read_rows

QUOTES = st.text(st.sampled_from('ab"'), min_size=1, max_size=4)
RAW_CELLS = QUOTES.map("{}y".format) | QUOTES.map('"{}"'.format)
ANY_FILE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def write(tmp_path, content):
    path = tmp_path / "rows.csv"
    path.write_bytes(content.encode())
    return path


@ANY_FILE
@given(
    rows=st.lists(st.tuples(RAW_CELLS, RAW_CELLS), min_size=1, max_size=16),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    block=st.sampled_from([64, 1 << 23]),
)
def test_rows_with_any_quotes_are_those_of_strict_csv_or_a_data_error(
    tmp_path, monkeypatch, rows, end, block
):
    monkeypatch.setattr(delimited, "_BLOCK", block)
    content = end.join(["text,more", *(f"{text},{more}" for text, more in rows)])
    path = write(tmp_path, content)
    try:
        expected = list(csv.reader(io.StringIO(content, newline=""), strict=True))[1:]
    except csv.Error:
        expected = None
    columns = ColumnNames(labels=(), keep=("more",))
    if expected is None or any(len(cells) != 2 for cells in expected):
        with pytest.raises(DataError):
            read_rows(path, columns=columns)
    else:
        assume(all(len("".join(cells)) < 40 for cells in expected))  # a row must fit in a block
        assert read_rows(path, columns=columns).to_numpy().tolist() == expected


@pytest.mark.parametrize("length", range(1, 40))
def test_a_last_row_may_end_right_behind_a_block(tmp_path, monkeypatch, length):
    """No line end follows it, and of it only the last bytes are in the second block."""
    monkeypatch.setattr(delimited, "_BLOCK", 64)
    rows = [["ay", "aaay"], ["ay", "aaay"], ["a", "aaa"], ["b" * length, "c"]]
    path = write(tmp_path, "\n".join(["text,more", *map(",".join, rows)]))
    read = read_rows(path, columns=ColumnNames(labels=(), keep=("more",)))
    assert read["more"].tolist() == [more for _, more in rows]


def test_a_quote_in_a_cell_without_quotes_is_text(tmp_path):
    rows = read_rows(write(tmp_path, 'text,label\na 5" disk,x\n "b" c", "y"\n"d ""e""",z\n'),
                     options={"strip_labels": True})  # fmt: skip
    assert rows.to_numpy().tolist() == [['a 5" disk', "x"], [' "b" c"', '"y"'], ['d "e"', "z"]]


def test_lines_are_right_behind_the_first_block(tmp_path):
    sound = [f'"row {at},\n""more"" of it {"and more " * 9}",{at % 3}' for at in range(90_000)]
    line = len(sound) * 2 + 1
    wrong = ["x", ",1", "y,", '"z" z,2', 'w,"']
    path = write(tmp_path, "\n".join(["text,label", *sound, *wrong]))
    assert path.stat().st_size > delimited._BLOCK
    with pytest.raises(DataError, match="5 problems") as caught:
        read_rows(path)
    said = [
        f"line {line + 1}: must have 2 cells, but has 1: 'x'.",
        f"line {line + 2}, text: must have text, but has none",
        f"line {line + 3}, label: must have a label",
        f"line {line + 4}: has text behind the quote that closes a cell: '\"z\" z,2'.",
        f"line {line + 5}: opens a quote that nothing closes",
    ]
    assert all(one in str(caught.value) for one in said)
    rows = read_rows(write(tmp_path, "\n".join(["text,label", *sound, "the last,2"])))
    assert len(rows) == len(sound) + 1
    assert rows.iloc[-1].tolist() == ["the last", "2"]
