"""What a tracker is told of a step's files."""

from __future__ import annotations

import json

import pytest

from dsf.base.logged_numbers import read_logged_numbers


@pytest.fixture
def read(tmp_path):
    def write_and_read(step, file, content):
        (tmp_path / file).write_text(json.dumps(content), encoding="utf-8")
        return read_logged_numbers(step, tmp_path)

    return write_and_read


def test_a_test_with_intervals_labels_and_outputs(read):
    content = {
        "f1": 0.5,
        "intervals": {"f1": {"lower": 0.25, "upper": 0.75}},
        "labels": {"f1": {"SPAM": {"value": 1.0}, "HAM": {"value": None}}, "support": {"SPAM": 3}},
        "confusion_matrix": [[1]],
        "outputs": {"mood": {"f1": 0.1, "labels": {"f1": {"good": {"value": 0.2}}}}},
    }
    expected = {
        "f1": 0.5,
        "f1_lower": 0.25,
        "f1_upper": 0.75,
        "f1.label.SPAM": 1.0,
        "support.label.SPAM": 3.0,
        "f1.mood": 0.1,
        "f1.mood.label.good": 0.2,
    }
    for step in ("test", "eval"):
        found = read(step, "metrics.json", content)
        assert found == {f"{step}_{name}": value for name, value in expected.items()}


def test_of_many_labels_nothing_is_told(read):
    def labels(number):
        return {f"L{index}": {"value": 0.5} for index in range(number)}

    found = read("test", "metrics.json", {"labels": {"f1": labels(21), "recall": labels(20)}})
    assert set(found) == {f"test_recall.label.L{index}" for index in range(20)}


def test_the_other_steps(read):
    differences = {"f1": {"difference": 0.1, "lower": -0.1, "p_value": None}}
    compared = read("compare", "comparison.json", {"differences": differences})
    assert compared == {"difference_f1": 0.1, "difference_f1_lower": -0.1}
    fit = {"epochs": 3, "best": {"epoch": 2, "monitor": "val_loss", "score": 0.5}}
    assert read("fit", "fit.json", fit) == {"epochs": 3, "best_epoch": 2, "best_val_loss": 0.5}
    assert read("split", "split.json", {"rows": {"train": 7}}) == {"rows_train": 7}
    assert read("export", "export.json", {"bundle": "bundle"}) == {}
