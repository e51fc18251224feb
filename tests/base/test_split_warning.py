"""A label that no training row shows is named, whichever way the rows were split."""

import logging

import pandas as pd
import pytest


def warnings_of(caplog):
    """Give what was warned of the training rows; the audit tells of the others."""
    said = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
    return [one for one in said if "train has no row" in one]


@pytest.fixture
def split(plain_main, parts, cfg, caplog):
    """Split rows with these labels in this config, and give what was warned of."""

    def run(labels, **sections):
        rows = pd.DataFrame({"x": range(len(labels)), "label": labels})
        loads = type("Rows", (parts["DatasetPreparation"],), {"load": lambda self: rows})
        main = type("RowsMain", (plain_main,), {"dataset_preparation_class": loads})
        caplog.clear()
        with caplog.at_level(logging.INFO, logger="dsf"):
            main(cfg | sections).split()
        return warnings_of(caplog)

    return run


def test_a_rare_label_is_learned_when_stratified_and_warned_of_otherwise(split):
    labels = ["no", "yes"] * 30
    for place in range(0, 60, 15):
        rare = [*labels[:place], "lila", *labels[place:]]
        assert split(rare) == []
    random = {"split_strategy": "random", "seed": 3}
    found = [
        split([*labels[:place], "lila", *labels[place:]], dataset_config=random)
        for place in range(0, 60, 3)
    ]
    warned = [messages for messages in found if messages]
    assert 0 < len(warned) < 20
    assert all("train has no row of ['lila']" in one for [one] in warned)


def test_a_label_that_only_the_config_names_is_warned_of(split):
    names = {"label_names": ["no", "yes", "yess"]}
    assert "['yess']" in split(["no", "yes"] * 30, model_config=names)[0]


def test_parts_that_were_split_before_are_looked_at_too(plain_main, cfg, tmp_path, caplog):
    for part, labels in (("train", "ab"), ("validation", "abc"), ("test", "abd")):
        rows = pd.DataFrame({"x": range(6), "label": [labels[i % len(labels)] for i in range(6)]})
        rows.to_csv(tmp_path / f"{part}.csv", index=False)
    paths = {
        "training_path": tmp_path / "train.csv",
        "validation_path": tmp_path / "validation.csv",
        "test_dataset_path": tmp_path / "test.csv",
    }
    with caplog.at_level(logging.INFO, logger="dsf"):
        plain_main(cfg, **paths).split()
    assert "train has no row of ['c', 'd']" in warnings_of(caplog)[0]


def test_rows_without_labels_are_split_in_silence(split):
    assert split(["no", "yes"] * 30, dataset_config={"label_column": None}) == []
