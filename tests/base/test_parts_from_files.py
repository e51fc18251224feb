"""Parts that were split before, and rows to test on, come from files of their own."""

import json
import logging

import pandas as pd
import pytest

from dsf.base.reading import read_test_rows
from dsf.core.config import resolve_config
from dsf.core.errors import ConfigError, DataError
from dsf.data.readers import read_configured

SECTION = {
    "text_column": "text",
    "label_kind": "multilabel",
    "label_columns": ["labels"],
    "label_separator": " ",
    "split_strategy": "predefined",
}


@pytest.fixture
def main(plain_main, parts, cfg, tmp_path):
    """Make the project's Main for files of texts and labels."""

    class Reads(parts["DatasetPreparation"]):
        def load(self):
            return read_configured(self.dataset_path, self.dataset_config)

    class ReadsMain(plain_main):
        dataset_preparation_class = Reads

    def make(dataset, model=None, **arguments):
        return ReadsMain(
            cfg | {"dataset_config": SECTION | dataset, "model_config": model or {}}, **arguments
        )

    return make


def write(path, *labels, column="labels"):
    lines = [f"{path.stem} {at},{one}" for at, one in enumerate(labels)]
    path.write_text("\n".join([f"text,{column}", *lines]) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def files(tmp_path):
    """Three parts; label c is in the validation rows alone."""
    return {
        "training_path": write(tmp_path / "train.csv", "a", "b", "a b"),
        "validation_path": write(tmp_path / "validation.csv", "c", "a"),
        "test_dataset_path": write(tmp_path / "test.csv", "b", "a"),
    }


def test_the_config_can_name_them_and_their_labels_are_put_together(main, files, caplog):
    with caplog.at_level(logging.WARNING, logger="dsf"):
        folder = main(files).split()
    described = json.loads((folder / "split.json").read_text())
    assert described["strategy"] == "predefined"
    assert described["label_names"] == ["a", "b", "c"]
    assert described["rows"] == {"train": 3, "validation": 2, "test": 2}
    assert pd.read_parquet(folder / "validation.parquet")["c"].tolist() == [1, 0]
    assert pd.read_parquet(folder / "train.parquet")["c"].tolist() == [0, 0, 0]
    assert any("train has no row of ['c']" in one.getMessage() for one in caplog.records)


def test_what_is_told_beats_the_config(main, files, tmp_path):
    other = write(tmp_path / "other.csv", "a", "b", "a", "b")
    folder = main(files, training_path=other).split()
    assert json.loads((folder / "split.json").read_text())["rows"]["train"] == 4


def test_known_labels_are_looked_for_line_by_line(main, files):
    with pytest.raises(DataError, match=r"line 2, labels: must be one of .* labels, but is 'c'"):
        main(files, {"label_names": ["a", "b"]}).split()
    folder = main(files, {"label_names": ["d", "c", "b", "a"]}).split()
    described = json.loads((folder / "split.json").read_text())
    assert described["label_names"] == ["d", "c", "b", "a"]
    assert described["label_counts"] == [0, 0, 2, 2]


def test_half_of_them_is_a_mistake(main, files):
    with pytest.raises(ConfigError, match="given is only training_path"):
        main({"training_path": files["training_path"]}).split()


def test_rows_to_test_on_have_the_labels_of_the_run(main, files, tmp_path):
    """A file that lacks a label has its column all the same; one with another is refused."""
    project = main(files)
    project.split()
    few = write(tmp_path / "few.csv", "a", "a")
    other = write(tmp_path / "other.csv", "a", "x")
    for name, expected in ((few, ["a", "b", "c"]), (other, None)):
        again = main(files, test_dataset_path=name)
        config = resolve_config(again.cfg)
        if expected is None:
            with pytest.raises(DataError, match=r"line 3, labels: must be one of .* but is 'x'"):
                read_test_rows(again, config, project.run_folder.path)
        else:
            rows, _ = read_test_rows(again, config, project.run_folder.path)
            assert [name for name in rows.columns if name in "abc"] == expected
            assert rows["c"].tolist() == [0, 0]


def test_labels_of_one_column_are_known_too(main, tmp_path):
    path = write(tmp_path / "rows.csv", *["x", "y"] * 20, "z", column="label")
    section = {
        "dataset_path": path,
        "label_kind": "single",
        "label_columns": [],
        "label_column": "label",
        "label_separator": None,
        "split_strategy": "stratified",
    }
    with pytest.raises(DataError, match=r"line 42, label: must be one of .* labels, but is 'z'"):
        main(section, {"label_names": ["x", "y"]}).split()
    with pytest.raises(ConfigError, match=r"label_names: must be texts.* has \[0, 1\]"):
        main(section, {"label_names": [0, 1]}).split()
