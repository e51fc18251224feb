"""The split step audits what it made, and does with leaks what the config says."""

import json
import logging

import pandas as pd
import pytest

from dsf.core.errors import ConfigError, DataError

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
