"""A config says where the rows are and what their columns hold."""

import json

import pytest

from dsf.core.config.dataset_section import DatasetConfig
from dsf.core.errors import ConfigError, DataError
from dsf.data.readers import read_configured

from .test_hugging_face import Names, Table

DEFAULTS = DatasetConfig().model_dump()


def read(tmp_path, content, name="rows.csv", **config):
    path = tmp_path / name
    path.write_bytes(content.encode(config.get("encoding", "utf-8")))
    return read_configured(path, {**DEFAULTS, **config})


def test_every_key_has_its_say(tmp_path):
    content = "who;frage;topic;day;part;x;y\na;grün;q;2024-01-01;test;7;8\n"
    rows = read(
        tmp_path,
        content,
        "rows.txt",
        format="csv",
        encoding="cp1252",
        read_options={"delimiter": ";"},
        text_column="frage",
        label_column="topic",
        group_column="who",
        time_column="day",
        split_column="part",
        hash_columns=["frage", "who", "x"],
        keep_columns=["x"],
    )
    assert list(rows) == ["frage", "topic", "who", "day", "part", "x"]
    assert rows.iloc[0].drop("day").tolist() == ["grün", "q", "a", "test", "7"]


def test_defaults_and_rows_without_a_label(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("text,label\nx,a\n")
    assert read_configured(path, {}).to_numpy().tolist() == [["x", "a"]]
    assert list(read(tmp_path, "text,label\nx,a\n", label_column=None)) == ["text"]


def test_several_outputs(tmp_path):
    config = {"label_kind": "multi_output", "label_columns": ["a", "b"]}
    rows = read(tmp_path, "text,a,b\nx,1,2\n", **config)
    assert rows[["a", "b"]].to_numpy().tolist() == [["1", "2"]]


@pytest.mark.parametrize(
    ("content", "config"),
    [
        ("text,all\nx,b|a\ny,b\n", {"label_columns": ["all"], "label_separator": "|"}),
        ("text,a,b\nx,1,1\ny,0,1\n", {"label_columns": ["a", "b"]}),
    ],
)
def test_several_labels_are_columns_as_those_found(tmp_path, content, config):
    rows = read(tmp_path, content, label_kind="multilabel", **config)
    assert list(rows) == ["text", "a", "b"]
    assert rows[["a", "b"]].to_numpy().tolist() == [[1, 1], [0, 1]]
    spread = ["a", "b"] if "label_separator" in config else None
    assert rows.attrs.get("label_columns") == spread


def test_tags_of_columns_and_of_lists(tmp_path):
    config = {"label_kind": "tags", "tag_scheme": "iob2"}
    record = {"text": "a  b", "tokens": ["a", "b"], "tags": ["B-x", "O"], "doc": "1"}
    columns = read(tmp_path, "a B-x\nb O\n", "rows.conll", **config)
    lists = read(tmp_path, json.dumps(record), "rows.jsonl", hash_columns=["tokens"], **config)
    assert columns.to_numpy().tolist() == lists.to_numpy().tolist()
    lists = read(tmp_path, json.dumps(record), "rows.jsonl", text_column="text", **config)
    assert lists.starts.tolist() == [[0, 3]]
    with pytest.raises(DataError, match=r"line 1.* token 1: must not be I-y"):
        read(tmp_path, "a B-x\nb I-y\n", "rows.conll", **config)


def test_columns_of_words_and_tags_have_the_names_of_the_config(tmp_path):
    config = {"label_kind": "tags", "tag_scheme": "iob2", "text_column": "sentence"}
    config |= {"tokens_column": "words", "tags_column": "ner_tags", "starts_column": "at"}
    record = {"sentence": "a  b", "words": ["a", "b"], "ner_tags": ["B-x", "O"], "at": [0, 3]}
    rows = read(tmp_path, json.dumps(record), "rows.jsonl", **config)
    expected = ["a  b", ["a", "b"], [0, 3], ["B-x", "O"]]
    assert rows.to_numpy().tolist() == [expected]

    class Listed:
        feature = Names()

    cells = {"words": [["a"], ["b"]], "ner_tags": [[1], [0]]}
    table = Table({"ner_tags": Listed()}, **cells)
    config = {**DEFAULTS, "label_kind": "tags", "tokens_column": "words", "tags_column": "ner_tags"}
    assert read_configured(table, config).tags.tolist() == [["yes"], ["no"]]
    with pytest.raises(DataError, match=r"tags: is not there\..* Name yours: tags_column"):
        read_configured(table, {**config, "tags_column": None})
    with pytest.raises(ConfigError, match="words: is named for two things"):
        read_configured(table, {**config, "keep_columns": ["words"]})


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"tags_column": "x"}, "tags_column: is for label_kind tags, but label_kind is single"),
        (
            {"label_kind": "tags", "format": "jsonl", "entities_column": "x"},
            "entities_column: is 'x', but this format has tokens_column and tags_column",
        ),
        ({"read_options": {"names": ["a", "b"]}}, r"names: is for a .* add header: false"),
        ({"label_separator": ","}, "label_separator: is for multilabel, but label_kind is single"),
        (
            {"label_kind": "multilabel", "label_columns": ["a", "b"], "label_separator": ","},
            "label_separator: is for one column",
        ),
        (
            {"label_kind": "multilabel", "label_columns": ["a"], "label_separator": ""},
            "label_separator: must not be empty",
        ),
        ({"read_options": {"delimiter": 5}}, "delimiter: must be one ASCII character"),
        ({"read_options": {"header": "no", "names": "ab"}}, "names: must be a list of names"),
        ({"read_options": {"token_column": True}}, "token_column: must be a whole number"),
        ({"label_kind": "tags"}, "label_kind: is tags"),
    ],
)
def test_keys_that_do_not_go_together(tmp_path, config, message):
    with pytest.raises(ConfigError, match=message):
        read(tmp_path, "text,label\nx,a\n", **config)


def test_a_store_is_passed_on(tmp_path):
    path, store = tmp_path / "rows.csv", tmp_path / "rows.arrow"
    path.write_text("text,label\nx,a\n")
    assert len(read_configured(path, DEFAULTS, store=store)) == 1
    assert store.exists()


def test_one_label_may_have_a_column_of_0_and_1(tmp_path):
    config = {"text_column": "comment", "label_kind": "multilabel", "label_columns": ["rude"]}
    rows = read(tmp_path, "id,comment,rude\n1,a,0\n2,b,1\n3,c,0\n", **config)
    assert rows["rude"].tolist() == [0, 1, 0]
    assert rows["rude"].dtype == "int8"
    with pytest.raises(DataError) as caught:
        read(tmp_path, "id,comment,rude\n1,a,0\n2,b,2\n3,c,\n", **config)
    assert len(caught.value.problems) == 2
    assert "must be 0 or 1" in str(caught.value)
