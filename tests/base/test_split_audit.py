"""The split step audits what it made, and does with leaks what the config says."""

import json
import logging

import pandas as pd
import pytest

from dsf.core.errors import ConfigError, DataError
from dsf.data.readers import read_configured

WORDS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "zero",
]


@pytest.fixture
def split(plain_main, parts, cfg, caplog, tmp_path):
    """Split texts, some of them twice; give the run's split folder and what was warned of."""

    def run(**dataset):
        texts = [f"{a} {b} {a}{b}" for a in WORDS for b in WORDS[:5]]
        twice = [*texts, texts[0].upper(), *texts[1:20]]
        labels = ["no", "yes"] * (len(twice) // 2)
        rows = pd.DataFrame({"text": twice, "label": labels, "who": range(len(twice))})
        loads = type("Rows", (parts["DatasetPreparation"],), {"load": lambda self: rows})
        main = type("RowsMain", (plain_main,), {"dataset_preparation_class": loads})
        section = {"text_column": "text", "split_strategy": "random", **dataset}
        with caplog.at_level(logging.WARNING, logger="dsf"):
            main(cfg | {"dataset_config": section}).split()
        folder = tmp_path / "out" / "v1" / "1_split"
        return folder, [one.getMessage() for one in caplog.records]

    return run


def read(folder, part):
    return pd.read_parquet(folder / f"{part}.parquet")


def test_leaks_are_told_loudly_and_kept_with_examples(split):
    folder, said = split()
    assert any("have the same text as" in one for one in said)
    assert any("on_leak: drop" in one for one in said)
    audit = json.loads((folder / "split.json").read_text())["audit"]
    assert {one["kind"] for one in audit["findings"]} >= {"exact"}
    assert audit["findings"][0]["examples"]
    assert sum(len(read(folder, part)) for part in ("train", "validation", "test")) == 80


def test_dropped_rows_are_counted_and_the_test_stays_whole(split):
    folder, _ = split(on_leak="drop")
    described = json.loads((folder / "split.json").read_text())
    dropped = described["audit"]["dropped"]
    assert dropped["train"] > 0
    assert dropped["test"] == 0
    assert described["rows"]["train"] == len(read(folder, "train")) == 60 - dropped["train"]
    lower = read(folder, "train")["text"].str.lower()
    assert not set(lower) & set(read(folder, "test")["text"].str.lower())


def test_a_split_that_must_not_leak_fails_and_leaves_nothing(split, tmp_path):
    with pytest.raises(DataError, match="stand in two parts"):
        split(on_leak="fail")
    assert not (tmp_path / "out" / "v1" / "1_split").exists()


def test_groups_stay_together_when_asked(split):
    folder, said = split(split_strategy="group", group_column="text")
    assert not any("the same text as" in one and "but for" not in one for one in said)
    assert not set(read(folder, "train")["text"]) & set(read(folder, "test")["text"])


def test_counts_stand_for_ratios(split):
    folder, _ = split(validation_rows=7, test_rows=9)
    sizes = {part: len(read(folder, part)) for part in ("train", "validation", "test")}
    assert sizes == {"train": 64, "validation": 7, "test": 9}


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"split_strategy": "group"}, "must name a column for split_strategy group"),
        ({"split_strategy": "kfold", "fold": 5}, "must be below folds, 5, but is 5"),
        ({"test_rows": 9}, "at most one may be null"),
        ({"label_kind": "multilabel"}, "must name a column or more for label_kind multilabel"),
        ({"label_columns": ["a"]}, "must be empty for label_kind single"),
        ({"label_kind": "tags", "split_strategy": "stratified"}, "such as random, not stratified"),
    ],
)
def test_what_does_not_go_together_is_told(split, section, message):
    with pytest.raises(ConfigError, match=message):
        split(**section)


def test_what_is_dropped_is_told_part_by_part(split):
    folder, said = split(on_leak="drop")
    dropped = json.loads((folder / "split.json").read_text())["audit"]["dropped"]
    for part in ("train", "validation"):
        left, told = len(read(folder, part)), [one for one in said if f"drop: {part}:" in one]
        assert bool(dropped[part]) == bool(told)
        assert all(f"{left} of {left + dropped[part]} rows are left" in one for one in told)
    assert sum(dropped.values())


def test_examples_name_rows_by_their_ids(split):
    folder, _ = split()
    audit = json.loads((folder / "split.json").read_text())["audit"]
    texts = pd.concat([read(folder, part) for part in ("train", "validation", "test")])
    by_id = texts.set_index("row_id")["text"]
    for finding in audit["findings"]:
        for example in finding["examples"]:
            for part in finding["parts"]:
                assert by_id[example[part]["row_id"]] == example[part]["text"]


def test_folds_are_recorded_in_place_of_ratios(split):
    folder, _ = split(split_strategy="kfold", folds=4, fold=1)
    described = json.loads((folder / "split.json").read_text())
    assert (described["ratios"], described["folds"], described["fold"]) == (None, 4, 1)


def test_what_the_reader_left_out_is_told_and_counted(plain_main, parts, cfg, tmp_path, caplog):
    lines = [*(f"text {at},{'yes' if at % 2 else 'no'}" for at in range(40)), "text 1,yes", ",no"]
    (tmp_path / "rows.csv").write_text("\n".join(["text,label", *lines]) + "\n")
    load = {"load": lambda self: read_configured(self.dataset_path, self.dataset_config)}
    loads = type("Rows", (parts["DatasetPreparation"],), load)
    main = type("RowsMain", (plain_main,), {"dataset_preparation_class": loads})
    section = {
        "dataset_path": str(tmp_path / "rows.csv"),
        "read_options": {"drop_duplicates": True, "drop_empty": True},
    }
    with caplog.at_level(logging.WARNING, logger="dsf"):
        folder = main(cfg | {"dataset_config": section}).split()
    said = [one.getMessage() for one in caplog.records]
    assert any("1 row is left out (read_options.drop_duplicates)" in one for one in said)
    assert any("1 row is left out (read_options.drop_empty)" in one for one in said)
    reading = json.loads((folder / "split.json").read_text())["reading"]
    assert reading == {
        "rows": 40,
        "duplicate_rows": 0,
        "dropped_empty": 1,
        "dropped_missing": 0,
        "dropped_duplicates": 1,
    }


TAGGED = {"label_kind": "tags", "split_strategy": "predefined", "split_column": "part"}


@pytest.mark.parametrize("text_column", ["sentence", None])
def test_tagged_texts_are_looked_at_whatever_their_column_is_called(
    plain_main, parts, cfg, tmp_path, text_column
):
    path = tmp_path / "rows.jsonl"
    rows = [
        {"sentence": "to Rome", "tokens": ["to", "Rome"], "tags": ["O", "B-city"], "part": part}
        for part in ("train", "validation", "test")
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    class Reads(parts["DatasetPreparation"]):
        def load(self):
            return read_configured(path, self.dataset_config)

    main = type("ReadsMain", (plain_main,), {"dataset_preparation_class": Reads})
    section = TAGGED | {"text_column": text_column, "tag_scheme": "iob2", "on_leak": "fail"}
    with pytest.raises(DataError, match=r"(have|has) the same text as"):
        main(cfg | {"dataset_config": section}).split()


def test_a_named_column_of_groups_must_be_there(split):
    with pytest.raises(DataError, match="train: must have the column 'nobody'"):
        split(group_column="nobody")


def test_rare_labels_are_named_with_their_rows(plain_main, parts, cfg, caplog):
    rows = pd.DataFrame({"x": range(61), "label": [*["no", "yes"] * 30, "lila"]})
    loads = type("Rows", (parts["DatasetPreparation"],), {"load": lambda self: rows})
    main = type("RowsMain", (plain_main,), {"dataset_preparation_class": loads})
    with caplog.at_level(logging.WARNING, logger="dsf"):
        main(cfg).split()
    said = [one.getMessage() for one in caplog.records]
    assert any(
        "1 label cannot be in every part: 'lila' (1 row, row_id [60])" in one for one in said
    )
