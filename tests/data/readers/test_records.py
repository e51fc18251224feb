"""JSON, JSON Lines and Parquet give the same rows, or say what is wrong and where."""

import contextlib
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsf.core.errors import DataError
from dsf.data.readers import ColumnNames, parquet, read_rows

ANY_FILE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ROWS = [{"text": "grün\nx", "label": "a"}, {"text": "b", "label": 7}, {"text": "c", "label": True}]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "label", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def write(tmp_path, content, name="rows.jsonl"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_json_and_json_lines(tmp_path):
    lines = write(tmp_path, "\ufeff" + "\r\n\n".join(map(json.dumps, ROWS)))
    whole = write(tmp_path, json.dumps({"data": {"train": ROWS}}), "rows.json")
    rows = read_rows(lines)
    assert rows.to_numpy().tolist() == [["grün\nx", "a"], ["b", "7"], ["c", "true"]]
    pd.testing.assert_frame_equal(rows, read_rows(whole, options={"key": "data.train"}))
    pairs = write(tmp_path, json.dumps([["grün\nx", "a"], ["b", 7], ["c", True]]), "rows.json")
    pd.testing.assert_frame_equal(rows, read_rows(pairs, options={"names": ["text", "label"]}))


def test_parquet(tmp_path):
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"x": [1.5, 2], "text": ["a", "b"], "label": [3, 4]}), path)
    assert read_rows(path).to_numpy().tolist() == [["a", "3"], ["b", "4"]]
    pq.write_table(pa.table({"text": ["a", None], "label": [0.5, 1]}), path)
    with pytest.raises(DataError, match="must be text or a whole number, but is double"):
        read_rows(path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError, match="whole and of the Parquet format"):
        read_rows(path)


def test_multilabel_lists(tmp_path):
    columns = ColumnNames(labels=("all",), kind="multilabel")
    lists = [["b", "a"], [], ["a"]]
    lines = [json.dumps({"text": f"x{i}", "all": labels}) for i, labels in enumerate(lists)]
    rows = read_rows(write(tmp_path, "\n".join(lines)), columns=columns)
    assert rows[["a", "b"]].to_numpy().tolist() == [[1, 1], [0, 0], [1, 0]]
    pq.write_table(pa.table({"text": ["x0", "x1", "x2"], "all": lists}), tmp_path / "rows.parquet")
    pd.testing.assert_frame_equal(rows, read_rows(tmp_path / "rows.parquet", columns=columns))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"text": "a", "label": "b"}\n\n{"text": 1, "label": "b"}', "line 3, text: must be text"),
        ('{"text": "a", "label": ["b"]}', "line 1, label: must be text or a whole number"),
        ('{"text": "a", "label": "b"}\n{"text": "b"', "line 2: must be JSON, but expecting"),
        ('{"text": "a", "label": NaN}', "NaN is no value of JSON"),
        ('{"text": "\\ud800", "label": "b"}', "line 1, text: has half of a character"),
        ('{"text": "a", "label": "b"}\n{"text": "b"}', "line 2, label: must have a label"),
        ('{"text": "a", "lable": "b"}', "label: is not there. Did you mean 'lable'"),
        ('["a", "b"]', "line 1: must be an object"),
        ("[" * 100_000, "must be JSON"),
        ("\n\n", "must have rows"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        read_rows(write(tmp_path, content))


def test_a_key_that_stands_twice_is_a_problem_of_its_row(tmp_path):
    good, twice = '{"text": "a", "label": "b"}', '{"text": "a", "text": "c", "label": "b"}'
    inside = '{"text": "a", "label": "b", "more": [{"x": 1, "y": 2, "x": 3}]}'
    with pytest.raises(DataError, match="2 problems") as caught:
        read_rows(write(tmp_path, f"{good}\n\n{twice}\n{inside}"))
    assert [str(problem) for problem in caught.value.problems] == [
        "line 3: must have each key of an object once, but has 'text' twice.",
        "line 4: must have each key of an object once, but has 'x' twice.",
    ]
    whole = write(tmp_path, f'{{"data": [], "data": [{good}, {twice}, {inside}]}}', "rows.json")
    with pytest.raises(DataError, match="3 problems") as caught:
        read_rows(whole, options={"key": "data"})
    where = [problem.where for problem in caught.value.problems]
    assert where == ["rows.json", "row 2", "row 3"]
    assert "'data' twice" in caught.value.problems[0].message


@pytest.mark.parametrize("name", ["rows.json", "rows.jsonl"])
def test_places_are_right_behind_the_first_batch(tmp_path, name):
    rows = [{"text": f"row {at}", "label": "a"} for at in range(20_001)]
    rows += [{"text": "b"}, {"text": 7, "label": "a"}, {"text": "the last", "label": "b"}]
    lines = [*map(json.dumps, rows)]
    content = "\n\n".join(lines) if name == "rows.jsonl" else f"[{','.join(lines)}]"
    with pytest.raises(DataError, match="2 problems") as caught:
        read_rows(write(tmp_path, content, name))
    where = [problem.where for problem in caught.value.problems]
    places = ["line 40003, label", "line 40005, text"]
    assert where == (places if name == "rows.jsonl" else ["row 20002, label", "row 20003, text"])
    options = {"drop_missing": True}
    del rows[-2], lines[-2]
    content = "\n\n".join(lines) if name == "rows.jsonl" else f"[{','.join(lines)}]"
    read = read_rows(write(tmp_path, content, name), options=options)
    assert len(read) == 20_002
    assert read.iloc[-1].tolist() == ["the last", "b"]


def test_rows_are_right_behind_the_first_batch_of_parquet(tmp_path):
    texts = [f"row {at}" for at in range(50_001)]
    path = tmp_path / "rows.parquet"
    table = pa.table({"text": [*texts, " ", "b"], "label": [*["a"] * 50_001, "a", None]})
    pq.write_table(table, path, row_group_size=30_000)
    with pytest.raises(DataError, match="2 problems") as caught:
        read_rows(path)
    where = [problem.where for problem in caught.value.problems]
    assert where == ["row 50002, text", "row 50003, label"]
    rows = read_rows(path, options={"drop_empty": True, "drop_missing": True})
    assert rows.text.tolist() == texts


@pytest.mark.parametrize("kind", ["single", "multilabel", "tags"])
def test_a_store_takes_dictionaries_of_several_row_groups(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(parquet, "_BATCH", 4)  # Arrow itself reads no lists of two dictionaries
    parts = [pa.array([*letters]).dictionary_encode() for letters in ("aabb", "ccdd")]
    lists = [pa.ListArray.from_arrays(range(5), part) for part in parts]
    cells = dict.fromkeys(("text", "label", "who"), parts) | dict.fromkeys(
        ("tokens", "tags"), lists
    )
    table = pa.table({name: pa.chunked_array(chunks) for name, chunks in cells.items()})
    path = tmp_path / "rows.parquet"
    pq.write_table(table, path, row_group_size=4)
    labels = ("tags",) if kind == "multilabel" else ("label",)
    columns = ColumnNames(labels=labels, kind=kind, group="who")
    rows = read_rows(path, columns=columns)
    assert rows.who.tolist() == [*"aabbccdd"]
    stored = read_rows(path, columns=columns, store=tmp_path / "rows.arrow")
    pd.testing.assert_frame_equal(stored, rows)


def test_a_document_without_its_rows(tmp_path):
    path = write(tmp_path, json.dumps({"train": []}), "rows.json")
    with pytest.raises(DataError, match="choose one of its keys: 'train'"):
        read_rows(path)
    with pytest.raises(DataError, match="the keys are: 'train'"):
        read_rows(path, options={"key": "test"})


@ANY_FILE
@given(values=st.lists(VALUES, max_size=4), name=st.sampled_from(["rows.json", "rows.jsonl"]))
def test_any_values_give_rows_or_a_data_error(tmp_path, values, name):
    whole = name == "rows.json"
    content = json.dumps(values) if whole else "\n".join(map(json.dumps, values))
    for columns in (ColumnNames(), ColumnNames(labels=("label",), kind="multilabel")):
        try:
            rows = read_rows(write(tmp_path, content, name), columns=columns)
        except DataError:
            continue
        assert len(rows) == len(values)


@ANY_FILE
@given(
    content=st.binary(max_size=40),
    name=st.sampled_from(["rows.json", "rows.jsonl", "rows.parquet"]),
)
def test_any_bytes_give_a_data_error(tmp_path, content, name):
    with pytest.raises(DataError):
        read_rows(write(tmp_path, content, name))


@settings(ANY_FILE, derandomize=True)
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_changed_parquet_file_gives_rows_or_a_data_error(tmp_path, place, byte):
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"text": ["a", "b"] * 9, "label": ["x", "y"] * 9}), path)
    content = bytearray(path.read_bytes())
    content[place % len(content)] = byte
    path.write_bytes(content)
    with contextlib.suppress(DataError):
        assert len(read_rows(path))
