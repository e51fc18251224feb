"""CSV and TSV: every row comes, or the message says where what is wrong."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, DataError
from dsf.data.readers import ColumnNames, read_rows

CELLS = st.text(st.sampled_from("ab \"',;\t\n\rü€\u2028"), max_size=8)
ANY_FILE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def write(tmp_path, content, name="rows.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


@ANY_FILE
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1), end=st.sampled_from(["\n", "\r\n"]))
def test_what_was_written_is_read(tmp_path, rows, end):
    rows = [(f"x{text}", f"y{label}z") for text, label in rows]
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator=end).writerows([("text", "more"), *rows])
    columns = ColumnNames(labels=(), keep=("more",))
    read = read_rows(write(tmp_path, file.getvalue()), columns=columns)
    assert list(read.itertuples(index=False, name=None)) == rows


@ANY_FILE
@given(
    content=st.binary(max_size=60)
    | st.text(st.sampled_from('ab",\n\r'), max_size=40).map(lambda text: text.encode()),
    encoding=st.sampled_from(["utf-8", "utf-16", "latin-1", "utf-7", "shift_jis"]),
)
def test_any_bytes_give_rows_or_a_data_error(tmp_path, content, encoding):
    path = write(tmp_path, "text,label\n".encode(encoding) + content)
    try:
        rows = read_rows(path, encoding=encoding)
    except DataError:
        return
    text = io.StringIO(path.read_bytes().decode(encoding), newline="")
    records = list(csv.reader(text, strict=True))  # it refuses text behind a closing quote
    assert len(rows) == sum(map(bool, records)) - 1


def test_the_dtypes_are_those_of_pandas(tmp_path):
    rows = read_rows(write(tmp_path, "text,label\nhello,a\nhello,a\nNA,null\n"))
    assert rows.dtypes.tolist() == [pd.StringDtype(na_value=np.nan)] * 2
    assert rows["label"].tolist() == ["a", "a", "null"]
    assert rows.attrs["reading"]["duplicate_rows"] == 1


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", "\ufeff"), ("utf-8", ""), ("utf-16", ""), ("cp1252", ""), ("utf-8-sig", "")],
)
def test_encodings(tmp_path, encoding, mark):
    path = write(tmp_path, f"{mark}text,label\r\ngrün,a\r\n", encoding=encoding)
    assert read_rows(path, encoding=encoding)["text"].tolist() == ["grün"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "must have rows, but is empty"),
        ("text,label\n", "must have rows"),
        ("text,label\na,b\n\n\nc\n", r"line 5: must have 2 cells, but has 1: 'c'"),
        ("text,label\na,b,c\nd,e\n", "line 2: must have 2 cells, but has 3"),
        ('text,label\n"x\ny",a\n,b\n', r"line 4, text: must have text, .* \(options: drop_empty\)"),
        ("text,label\nq\nx,a\ny,\n", r"line 4, label: must have a label"),
        ('text,label\nx,a\ny,"b\nz,c\n', "line 3: opens a quote that nothing closes"),
        ('text,label\nx,a\n"y,b\nz,c\n', "line 3: opens a quote that nothing closes"),
        (
            'text,label\n"hello,A\nworld,B\n"bye",C\nz,D\n',
            r"1 problem\.\n  - line 2: has text behind .* on line 4, .* one cell: '\"bye\",C'\. A",
        ),
        ('text,label\nx,a\n"b"b,c\n"d"d,e\n', "line 3: has text .*\n  - line 4: has text"),
        ('text,label\n"x"y,a\n"z,b\n', "line 2: has text .*\n  - line 3: opens a quote that no"),
        ("text,lable\nx,a\n", "label: is not there. Did you mean 'lable'"),
        ("text,label,text\nx,a,b\n", "text: must be one column, but the header repeats it"),
        (b"text,label\nx,a\ngr\xfcn,b\n", r"line 3: has bytes that are no utf-8: b'\\xfcn,b'"),
        ("text,label\nx,a \n", "line 2, label: the label 'a ' has white space around it"),
        ("text,label\nx,a\x07\n", "line 2, label: the label .* cannot be seen"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        read_rows(write(tmp_path, content))


def test_problems_come_together_up_to_a_limit(tmp_path):
    path = write(tmp_path, "text,label\n" + ",a\n" * 30 + "b\n")
    with pytest.raises(DataError, match="31 problems") as caught:
        read_rows(path)
    assert len(caught.value.problems) == 21
    assert "and 11 problems more" in str(caught.value)


def test_rows_are_dropped_only_when_asked_and_then_counted(tmp_path):
    path = write(tmp_path, "text,label\n ,a\nx,\nx,a\nx,a\ny, b \n")
    options = dict.fromkeys(("drop_empty", "drop_missing", "drop_duplicates"), True)
    rows = read_rows(path, options={**options, "strip_labels": True})
    assert rows.to_numpy().tolist() == [["x", "a"], ["y", "b"]]
    counts = rows.attrs["reading"]
    assert counts["dropped_empty"] == counts["dropped_missing"] == 1
    assert counts["dropped_duplicates"] == 1
    assert counts["rows"] == 2


def test_several_outputs_and_unknown_labels(tmp_path):
    path = write(tmp_path, "text\ta\tb\nx\t1\tyes\ny\t0\tnoo\n", "rows.tsv")
    columns = ColumnNames(labels=("a", "b"), kind="multi_output")
    assert read_rows(path, columns=columns)[["a", "b"]].to_numpy().tolist() == [
        ["1", "yes"],
        ["0", "noo"],
    ]
    columns = ColumnNames(labels=("b",), label_names=("yes", "no"))
    with pytest.raises(DataError, match=r"line 3, b: .* is 'noo'. Did you mean 'no'"):
        read_rows(path, columns=columns)


def test_multilabel_as_columns_and_as_text(tmp_path):
    ones = write(tmp_path, "text,b,a\nx,1,0\ny,0,0\nz,1,1\n")
    texts = write(tmp_path, "x\tb\ny\t\nz\tb|a\n", "rows.tsv")
    wide = read_rows(ones, columns=ColumnNames(labels=("a", "b"), kind="multilabel"))
    columns = ColumnNames(labels=("all",), kind="multilabel", separator="|")
    long = read_rows(texts, columns=columns, options={"header": False, "names": ["text", "all"]})
    pd.testing.assert_frame_equal(wide, long)
    assert wide["a"].dtype == np.int8
    with pytest.raises(DataError, match="line 2, text: must be 0 or 1, but is 'x'"):
        read_rows(ones, columns=ColumnNames("a", labels=("text", "b"), kind="multilabel"))


@pytest.mark.parametrize("labels", [("a", "b"), ("a",)])
def test_rows_without_their_0_or_1_are_dropped_only_when_asked(tmp_path, labels):
    path = write(tmp_path, "text,a,b\nx,1,0\ny,,1\nz, ,\nw,0,1\n")
    columns = ColumnNames(labels=labels, kind="multilabel")
    rows = read_rows(path, columns=columns, options={"drop_missing": True})
    assert rows[["text", "a"]].to_numpy().tolist() == [["x", 1], ["w", 0]]
    assert rows["a"].dtype == np.int8
    assert rows.attrs["reading"]["dropped_missing"] == 2
    message = r"line 3, a: must be 0 or 1, but is missing \(options: drop_missing\)"
    with pytest.raises(DataError, match=message) as caught:
        read_rows(path, columns=columns)
    assert len(caught.value.problems) == 1 + len(labels)
    wrong = write(tmp_path, "text,a,b\nx,1,0\ny,,1\nz,maybe,1\n")
    with pytest.raises(DataError, match=r"1 problem.*\n.*line 4, a: must be 0 or 1, but is 'may"):
        read_rows(wrong, columns=columns, options={"drop_missing": True})


def test_another_delimiter_is_thought_of(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("text;label\na;b\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"If ';' stands between them, name it: read_options\.del"):
        read_rows(path)
    assert len(read_rows(path, options={"delimiter": ";"})) == 1


@pytest.mark.parametrize("delimiter", [" ", "\x01", "\x02", "\t", "e", "\x7f"])
def test_any_delimiter_will_do(tmp_path, delimiter):
    content = "a,lab\nb,x\n".replace(",", delimiter)
    columns = ColumnNames("a", ("lab",))
    rows = read_rows(write(tmp_path, content), columns=columns, options={"delimiter": delimiter})
    assert rows.to_numpy().tolist() == [["b", "x"]]
    broken = write(tmp_path, content + f'c{delimiter}"d\n')
    with pytest.raises(DataError, match="line 3: opens a quote that nothing closes"):
        read_rows(broken, columns=columns, options={"delimiter": delimiter})


def test_empty_cells_of_further_columns_are_missing(tmp_path):
    content = 'text,who,day,part,note\na,,2024-01-01,train,""\nb,x,,,n\n'
    columns = ColumnNames(labels=(), group="who", time="day", split="part", keep=("note",))
    rows = read_rows(write(tmp_path, content), columns=columns)
    missing = rows[["who", "day", "part", "note"]].isna().to_numpy().tolist()
    assert missing == [[True, False, False, True], [False, True, True, False]]
    assert rows.day[0] == pd.Timestamp("2024-01-01", tz="UTC")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_mark_of_another_encoding_is_named(tmp_path, encoding):
    path = tmp_path / "rows.csv"
    path.write_bytes("text,label\na,b\n".encode(encoding))
    with pytest.raises(DataError, match=f"begins with the byte order mark of {encoding}"):
        read_rows(path)
    assert len(read_rows(path, encoding=encoding)) == 1


def test_a_store_gives_the_same_rows_from_a_mapped_file(tmp_path):
    path = write(tmp_path, "text,label\n" + "".join(f"row {i},{i % 3}\n" for i in range(5000)))
    store = tmp_path / "rows.arrow"
    stored = read_rows(path, store=store)
    pd.testing.assert_frame_equal(stored, read_rows(path))
    assert store.exists()
    broken = write(tmp_path, "text,label\nx,\n", "broken.csv")
    with pytest.raises(DataError):
        read_rows(broken, store=tmp_path / "broken.arrow")
    assert not list(tmp_path.glob("*broken.arrow*"))


def test_times_can_be_sorted(tmp_path):
    path = write(tmp_path, "text,day,number\nx,2024-02-01,10\ny,2023-12-31,9\n")
    days = read_rows(path, columns=ColumnNames(labels=(), time="day"))
    assert days["day"].tolist() == sorted(days["day"], reverse=True)
    numbers = read_rows(path, columns=ColumnNames(labels=(), time="number"))
    assert numbers["number"].tolist() == [10, 9]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"format": "cvs"}, "Did you mean 'csv'"),
        ({"encoding": "utf8000"}, "is 'utf8000'"),
        ({"encoding": "base64"}, "is 'base64'"),
        ({"options": {"delimeter": ";"}}, "Did you mean 'delimiter'"),
        ({"options": {"delimiter": "||"}}, "must be one ASCII character"),
        ({"columns": ColumnNames(labels=("text",))}, "is named for two things"),
    ],
)
def test_a_wrong_question_is_a_config_error(tmp_path, arguments, message):
    with pytest.raises(ConfigError, match=message):
        read_rows(write(tmp_path, "text,label\nx,a\n"), **arguments)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="is not there"):
        read_rows(tmp_path / "no.csv")
    with pytest.raises(ConfigError, match="name its format"):
        read_rows(write(tmp_path, "x", "rows.xyz"))
