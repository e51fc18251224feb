"""A file can say which outputs and labels there are."""

import json

import pandas as pd
import pytest

from dsf.base.labels_file import fill_labels
from dsf.core.errors import ConfigError, DataError


@pytest.fixture
def split(plain_main, parts, cfg, tmp_path):
    """Split rows with two columns of labels; give split.json."""

    def run(content, **dataset):
        path = tmp_path / "labels.json"
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        rows = pd.DataFrame({"label": ["no", "yes"] * 30, "tone": ["a", "a", "b"] * 20})
        loads = type("Rows", (parts["DatasetPreparation"],), {"load": lambda self: rows})
        main = type("RowsMain", (plain_main,), {"dataset_preparation_class": loads})
        section = {"labels_path": str(path), "split_strategy": "random", **dataset}
        folder = main(cfg | {"dataset_config": section}).split()
        return json.loads((folder / "split.json").read_text())

    return run


def test_its_outputs_are_the_columns_and_its_order_that_of_the_labels(split):
    outputs = {"tone": ["b", "a", "c"], "label": ["yes", "no"]}
    described = split(outputs, label_kind="multi_output", split_strategy="multilabel")
    assert described["label_names"] == outputs
    assert described["labels"]["train"]["tone=a"] == 30


def test_one_output_names_the_labels_of_the_column(split):
    assert split({"answer": ["yes", "no"]})["label_names"] == ["yes", "no"]


@pytest.mark.parametrize("content", ["{", "[]", "{}", {"a": []}, {"a": "yes"}])
def test_any_other_content_is_refused(split, content):
    with pytest.raises(DataError, match=r"labels\.json: must be a JSON file like"):
        split(content)


def test_labels_that_the_data_has_and_the_file_has_not_are_named(split):
    said = r"no: must be one of them, but is not: 30 rows have it, row_id \[\d+, \d+, .*…\]\."
    with pytest.raises(DataError, match=said) as caught:
        split({"answer": ["yes", "maybe"]})
    assert "labels.json (dataset_config.labels_path)" in str(caught.value)
    said = r"tone=b: must be .* 20 rows have it"
    with pytest.raises(DataError, match=said):
        split({"tone": ["a"], "label": ["yes", "no"]}, label_kind="multi_output")


def test_its_labels_are_the_columns_if_a_row_may_have_several(tmp_path):
    """Whether the config names them too or not."""
    for names in (None, ["p", "q"]):
        config = {
            "model_config": {"label_names": names},
            "dataset_config": {
                "labels_path": "labels.json",
                "label_kind": "multilabel",
                "label_columns": [],
            },
        }
        (tmp_path / "labels.json").write_text('{"kinds": ["p", "q"]}', encoding="utf-8")
        fill_labels(config, tmp_path)
        assert config["dataset_config"]["label_columns"] == ["p", "q"]
        assert config["model_config"]["label_names"] == ["p", "q"]


def test_several_outputs_need_several_columns(split):
    with pytest.raises(ConfigError, match="label_kind: must be multi_output"):
        split({"tone": ["a"], "label": ["yes"]})
