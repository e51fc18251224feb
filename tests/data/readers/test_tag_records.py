"""Words and tags in lists of JSON, Parquet and Hugging Face: whole rows, or what is wrong where."""

import contextlib
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, DataError
from dsf.data.readers import ColumnNames, read_rows

from .test_hugging_face import Names, Table

ANY_FILE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TAGS = ColumnNames(kind="tags")
IOB2 = ColumnNames(kind="tags", scheme="iob2")
WORDS = st.text(st.sampled_from("aü-#😀"), min_size=1, max_size=4)
TEXTS = st.lists(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4), min_size=1, max_size=4)
CELLS = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats() | st.text("aO \ud800", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("text"), inner, max_size=1),
    max_leaves=4,
)


def write(tmp_path, records, name="rows.jsonl"):
    path = tmp_path / name
    if name.endswith("json"):
        path.write_text(json.dumps(records), encoding="utf-8")
    elif name.endswith("jsonl"):
        path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist(records), path)
    return path


@ANY_FILE
@given(texts=TEXTS)
def test_every_source_gives_what_was_written(tmp_path, texts):
    records = [
        dict(zip(("tokens", "tags"), zip(*text, strict=True), strict=True)) for text in texts
    ]
    records = [{name: list(cells) for name, cells in one.items()} for one in records]
    table = Table(tokens=[one["tokens"] for one in records], tags=[one["tags"] for one in records])
    names = ("rows.json", "rows.jsonl", "rows.parquet")
    for source in (table, *(write(tmp_path, records, name) for name in names)):
        rows = read_rows(source, columns=TAGS)
        assert list(rows) == ["text", "tokens", "starts", "tags"]
        assert rows.tokens.tolist() == [one["tokens"] for one in records]
        assert rows.tags.tolist() == [one["tags"] for one in records]
        for text, tokens, starts in zip(rows.text, rows.tokens, rows.starts, strict=True):
            assert text == " ".join(tokens)
            found = [text[at : at + len(token)] for token, at in zip(tokens, starts, strict=True)]
            assert found == tokens


def test_rows_in_their_normal_form_are_read_as_they_were(tmp_path):
    record = {
        "text": "to  Rome!",
        "tokens": ["to", "Rome"],
        "tags": ["O", "B-x"],
        "day": "2024-01-01",
    }
    columns = ColumnNames(kind="tags", scheme="iob2", time="day")
    rows = read_rows(write(tmp_path, [record]), columns=columns)
    assert rows.starts.tolist() == [[0, 4]]
    rows.to_parquet(tmp_path / "rows.parquet")
    again = read_rows(tmp_path / "rows.parquet", columns=columns)
    pd.testing.assert_frame_equal(again, rows)
    assert (
        read_rows(write(tmp_path, [{**record, "starts": [0, 4]}]), columns=TAGS).text[0]
        == record["text"]
    )
    joined = read_rows(write(tmp_path, [record]), columns=ColumnNames(text="", kind="tags"))
    assert joined.text.tolist() == ["to Rome"]


def test_the_numbers_of_hugging_face_become_names():
    class Listed:
        feature = Names()

    tags = [np.array([1, 0]), [0]]
    table = Table({"tags": Listed()}, tokens=[["a", "b"], ["c"]], tags=tags)
    assert read_rows(table, columns=TAGS).tags.tolist() == [["yes", "no"], ["no"]]
    with pytest.raises(DataError, match=r"row 1, tags: .* but 0 is 1; name its number"):
        read_rows(Table(tokens=[["a"]], tags=[[1]]), columns=TAGS)
    with pytest.raises(DataError, match="row 2, tags: must be texts"):
        read_rows(Table({"tags": Listed()}, tokens=[["a"]] * 2, tags=[[0], [-1]]), columns=TAGS)


def test_the_real_objects():
    datasets = pytest.importorskip("datasets")
    tag = datasets.ClassLabel(names=["O", "B-x"])
    features = {
        "tokens": datasets.Sequence(datasets.Value("string")),
        "tags": datasets.Sequence(tag),
    }
    cells = {"tokens": [["a", "b"], ["c"]], "tags": [[1, 0], [0]]}
    data = datasets.Dataset.from_dict(cells, features=datasets.Features(features))
    for one in (data, data.with_format("numpy")):
        assert read_rows(one, columns=IOB2).tags.tolist() == [["B-x", "O"], ["O"]]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"tokens": ["a", "b"], "tags": ["O"]}, "tags: must be one for each of 2 words, but are 1"),
        (
            {"tokens": ["a"], "tags": ["B-y"]},
            "tags, token 0: must be one of the known labels",
        ),
        (
            {"tokens": ["a", "b"], "tags": ["O", "I-x"]},
            "tags, token 1: must not be I-x, which goes on",
        ),
        ({"tokens": ["a"], "tags": ["O "]}, "tags, token 0: the label 'O ' has white space"),
        (
            {"tokens": ["a", " "], "tags": ["O", "O"]},
            "tokens: must be texts that are not empty, but 1",
        ),
        ({"tokens": "a", "tags": ["O"]}, "tokens: must be a list of texts, but is 'a'"),
        ({"tokens": [], "tags": []}, r"tokens: must have words, .* \(options: drop_empty\)"),
        ({"tokens": ["a"], "tags": None}, r"tags: must have tags \(options: drop_missing\)"),
        ({}, "tokens: must have words"),
        (["a"], "must be an object"),
        ({"tokens": ["\ud800"], "tags": ["O"]}, "tokens: has half of a character in 0"),
        ({"text": "b", "tokens": ["a"], "tags": ["O"]}, "text: must have word 0, 'a', behind"),
        ({"text": 1, "tokens": ["a"], "tags": ["O"]}, "text: must be text, but is 1"),
        (
            {"text": "aa", "tokens": ["a", "a"], "tags": ["O", "O"], "starts": [0, 0]},
            "starts: must have word 1",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_row(tmp_path, record, message):
    columns = ColumnNames(kind="tags", scheme="iob2", label_names=("O", "B-x", "I-x"))
    good = {"tokens": ["a"], "tags": ["O"]}
    with pytest.raises(DataError, match=f"line 2.*{message}"):
        read_rows(write(tmp_path, [good, record]), columns=columns)


def test_what_is_wrong_in_parquet_is_named_with_its_row(tmp_path):
    good = {"tokens": ["a"], "tags": ["O"]}
    path = write(tmp_path, [good, {**good, "tags": ["O", "O"]}], "rows.parquet")
    with pytest.raises(DataError, match="row 2, tags: must be one for each of 1 word, but are 2"):
        read_rows(path, columns=TAGS)


def test_rows_are_dropped_only_when_asked_and_then_counted(tmp_path):
    records = [
        {"tokens": [], "tags": []},
        {"tokens": ["a"], "tags": None},
        *[{"tokens": ["a"], "tags": ["O"]}] * 2,
    ]
    options = dict.fromkeys(("drop_empty", "drop_missing", "drop_duplicates"), True)
    rows = read_rows(write(tmp_path, records), columns=TAGS, options=options)
    counts = rows.attrs["reading"]
    names = ("rows", "dropped_empty", "dropped_missing", "dropped_duplicates")
    assert [counts[name] for name in names] == [1, 1, 1, 1]


def test_white_space_around_tags_is_taken_away_when_asked(tmp_path):
    records = [{"tokens": ["a", "b"], "tags": [" B-x", "O "]}]
    for name in ("rows.jsonl", "rows.parquet"):
        path = write(tmp_path, records, name)
        rows = read_rows(path, columns=IOB2, options={"strip_labels": True})
        assert rows.tags.tolist() == [["B-x", "O"]]
        with pytest.raises(DataError, match=r"white space around it \(options: strip_labels\)"):
            read_rows(path, columns=IOB2)


def test_a_wrong_question_is_a_config_error(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("text,tags\nx,O\n")
    with pytest.raises(ConfigError, match="label_kind: is tags; use jsonl"):
        read_rows(path, columns=TAGS)
    path.write_text("a O\n")
    with pytest.raises(ConfigError, match="tag_scheme: must be bilou, but is 'iob2'"):
        read_rows(path, format="bilou", columns=IOB2)
    with pytest.raises(ConfigError, match="tag_scheme: must be iob2 or bilou, but is 'bio'"):
        read_rows(path, format="conll", columns=ColumnNames(scheme="bio"))
    with pytest.raises(DataError, match=r"line 1.* token 0: must be O"):
        read_rows(path.rename(tmp_path / "r.conll"), columns=IOB2, options={"tag_column": 0})
    with pytest.raises(DataError, match=r"tags: is not there\. Did you mean 'tag'"):
        read_rows(write(tmp_path, [{"tokens": ["a"], "tag": ["O"]}]), columns=TAGS)


def test_spans_are_tagged_by_the_scheme_that_is_wanted(tmp_path):
    path = write(tmp_path, [{"text": "to Rome", "entities": [[3, 7, "x"]]}])
    rows = read_rows(path, format="spans", columns=ColumnNames(scheme="bilou"))
    assert rows.tags.tolist() == [["O", "U-x"]]
    with pytest.raises(DataError, match="line 1, entities, token 1: must be one of the known"):
        read_rows(path, format="spans", columns=ColumnNames(label_names=("O", "B-y")))


@ANY_FILE
@given(
    records=st.lists(
        st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(("text", "tokens", "tags", "starts", "other"), CELLS),
        )
        | CELLS,
        max_size=4,
    ),
    scheme=st.none() | st.just("iob2"),
    drop=st.booleans(),
)
def test_any_values_give_rows_or_a_data_error(tmp_path, records, scheme, drop):
    columns = ColumnNames(kind="tags", scheme=scheme, keep=("other",) if drop else ())
    options = {"drop_empty": drop, "drop_missing": drop}
    names = [name for one in records if isinstance(one, dict) for name in one]
    table = Table(**{name: [one.get(name) if isinstance(one, dict) else None for one in records]
                     for name in ("tokens", "tags", *names)})  # fmt: skip
    sources = [write(tmp_path, records, "rows.json"), write(tmp_path, records), table]
    with contextlib.suppress(pa.ArrowException, UnicodeError, OSError, ValueError, TypeError):
        sources.append(
            write(tmp_path, [one for one in records if isinstance(one, dict)], "r.parquet")
        )
    for source in sources:
        try:
            rows = read_rows(source, columns=columns, options=options)
        except DataError:
            continue
        counts = rows.attrs["reading"]
        left_out = counts["dropped_empty"] + counts["dropped_missing"]
        assert len(rows) + left_out == len(
            source if source is table else [*filter(lambda one: isinstance(one, dict), records)]
        )
        assert drop or not left_out
        assert (rows.tokens.map(len) == rows.tags.map(len)).all()
