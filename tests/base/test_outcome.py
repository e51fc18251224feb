"""Whatever kind of answers a test gives, its answers, numbers and pictures are kept."""

import json

import numpy as np
import pandas as pd
import pytest

from dsf.base.answered_rows import keep_rows, read_kept_rows
from dsf.base.outcome import keep_outcome
from dsf.core.config import resolve_config
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.prediction_kinds import read_predictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics import Bootstrap, score_predictions

METRICS = dict.fromkeys(["accuracy", "precision", "recall", "f1", "confusion_matrix"], True)
IDS = np.arange(2)
SINGLE = Predictions(IDS, np.array(["a", "b"]), np.array(["a", "a"]), ["a", "b"])
MULTILABEL = MultiLabelPredictions(
    IDS, np.array([[1, 0], [1, 1]]), np.full((2, 2), 0.6), np.array([0.5, 0.7]), ["rude", "loud"]
)


def tags(first, second, scheme):
    row, names = [[first, second]] * 2, sorted({first, second})
    return TagPredictions(
        IDS, ["a b"] * 2, [[0, 2]] * 2, [["a", "b"]] * 2, row, row, [[1.0, 0.5]] * 2, names, scheme
    )


KINDS = {
    "single": (SINGLE, ["confusion_matrix"]),
    "outputs": (
        MultiOutputPredictions({"topic/ü": SINGLE, "topic ü": SINGLE}),
        ["confusion_matrix_1_topic", "confusion_matrix_2_topic"],
    ),
    "multilabel": (MULTILABEL, ["label_scores"]),
    "entities": (tags("O", "B-city", "iob2"), ["label_scores"]),
    "no entities": (tags("O", "O", "iob2"), []),
    "tags": (tags("N", "V", None), ["confusion_matrix"]),
}


def keep(answers, folder, metrics=METRICS):
    config = resolve_config({"bootstrap_config": {"n_iterations": 20}}) | {"metrics": metrics}
    rows = pd.DataFrame({"row_id": IDS, "text": ["a b", "a b"], "tags": [["x"], ["y"]]})
    return keep_outcome(object(), answers, rows, None, config, folder)


def test_the_rows_are_kept_as_a_person_knows_them_again(tmp_path):
    keep(SINGLE, tmp_path)
    assert read_kept_rows(tmp_path).to_dict("list") == {"row_id": [0, 1], "text": ["a b", "a b"]}
    wide = pd.DataFrame({"row_id": IDS, "lang": ["en", "de"], **{f"x{n}": IDS for n in range(40)}})
    config = resolve_config({"comparison_config": {"slices": ["lang"]}})
    keep_rows(wide, config, tmp_path)
    assert list(read_kept_rows(tmp_path).columns) == ["row_id", "lang"]


def test_labels_that_are_the_groups_are_kept_however_wide_the_table(tmp_path):
    wide = pd.DataFrame({"row_id": IDS, "label": ["a", "b"], **{f"x{n}": IDS for n in range(40)}})
    config = resolve_config({"bootstrap_config": {"resample": "stratified"}})
    keep_rows(wide, config, tmp_path)
    assert list(read_kept_rows(tmp_path).columns) == ["row_id", "label"]


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def test_answers_numbers_and_pictures_are_kept(kind, tmp_path):
    answers, pictures = kind
    metrics = keep(answers, tmp_path)
    assert metrics == score_predictions(answers, METRICS, bootstrap=Bootstrap(n_iterations=20))
    assert metrics["bootstrap"]["rows"] == 2
    assert set(metrics["intervals"]) == {"accuracy", "precision", "recall", "f1"}
    assert json.loads((tmp_path / "metrics.json").read_text("utf-8")) == metrics
    kept = read_predictions(tmp_path / "predictions.parquet")
    numbers = score_predictions(kept, METRICS)
    assert numbers == {name: metrics[name] for name in numbers if name != "outputs"} | (
        {"outputs": numbers["outputs"]} if "outputs" in numbers else {}
    )
    expected = {f"{name}.{ending}" for name in pictures for ending in ("svg", "png")}
    found = {path.name for path in tmp_path.iterdir()}
    assert found == expected | {"metrics.json", "predictions.parquet", "rows.parquet"}


def test_pictures_that_nobody_wants_are_not_drawn(kind, tmp_path):
    answers, _ = kind
    keep(answers, tmp_path, {"accuracy": True, "f1": False})
    assert not list(tmp_path.glob("*.svg"))


@pytest.mark.parametrize("wanted", [True, {}, {"average": "micro"}])
def test_scores_of_labels_are_drawn_without_a_matrix(tmp_path, wanted):
    keep(MULTILABEL, tmp_path, {"f1": wanted})
    assert [path.name for path in tmp_path.glob("*.svg")] == ["label_scores.svg"]
