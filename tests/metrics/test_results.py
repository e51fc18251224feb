from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from dsf.core.errors import ConfigError, DataError
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.metrics import score_predictions

ALL = {"precision": True, "accuracy": True, "recall": True, "f1": True, "confusion_matrix": True}


def make(targets: list[Any], predictions: list[Any], labels: list[Any]) -> Predictions:
    ids = np.arange(len(targets)) + 10
    return Predictions(ids, np.array(targets), np.array(predictions), labels)


def test_two_labels_count_the_second_as_positive() -> None:
    predictions = make(["no", "no", "yes", "yes", "yes"], ["no", "yes", "yes", "yes", "no"], LABELS)
    scores = score_predictions(predictions, ALL)
    assert scores["confusion_matrix"] == {"tp": 2, "tn": 1, "fp": 1, "fn": 1}
    assert scores["accuracy"] == pytest.approx(0.6)
    assert scores["precision"] == pytest.approx((1 / 2 + 2 / 3) / 2)


LABELS = ["no", "yes"]


def test_more_labels_give_the_whole_matrix() -> None:
    scores = score_predictions(make([0, 1, 2, 2], [0, 1, 1, 2], [0, 1, 2]), ALL)
    assert scores["confusion_matrix"] == {
        "labels": [0, 1, 2],
        "matrix": [[1, 0, 0], [0, 1, 0], [0, 1, 1]],
    }


def test_one_label_gives_the_whole_matrix_too() -> None:
    scores = score_predictions(make([3, 3], [3, 3], [3]), {"confusion_matrix": True})
    assert scores == {"confusion_matrix": {"labels": [3], "matrix": [[2]]}}


@pytest.mark.parametrize("labels", [[0, 1], [0, 1, 2], list(np.arange(3))])
def test_the_result_is_plain_python(labels: list[Any]) -> None:
    scores = score_predictions(make([0, 1, 1], [0, 1, 0], labels), ALL)
    assert json.loads(json.dumps(scores)) == scores
    assert all(type(scores[name]) is float for name in scores if name != "confusion_matrix")


def test_only_what_is_wanted_is_computed_in_the_order_of_the_config() -> None:
    config = {"recall": True, "accuracy": False, "f1": True, "precision": False}
    assert list(score_predictions(make([0, 1], [0, 1], [0, 1]), config)) == ["recall", "f1"]
    assert score_predictions(make([0, 1], [0, 1], [0, 1]), {}) == {}


def test_the_average_is_used() -> None:
    predictions = make([0, 0, 0, 1], [0, 0, 1, 1], [0, 1])
    values = {
        average: score_predictions(predictions, {"recall": True}, average)["recall"]
        for average in ("micro", "macro", "weighted")
    }
    assert values == pytest.approx({"micro": 3 / 4, "macro": (2 / 3 + 1) / 2, "weighted": 3 / 4})


def test_no_rows_are_refused() -> None:
    with pytest.raises(DataError, match="must have at least one row"):
        score_predictions(make([], [], [0, 1]), ALL)


def test_a_row_that_was_changed_afterwards_is_named_by_its_id() -> None:
    predictions = make([0.0, 1.0, 1.0], [0.0, 1.0, 1.0], [0, 1])
    predictions.predictions[1] = np.inf
    with pytest.raises(DataError, match=r"predictions: .* rows \[11\] have \[inf\]"):
        score_predictions(predictions, ALL)


def test_all_mistakes_of_the_config_are_told_at_once() -> None:
    config: dict[str, bool] = {"accuraccy": True, "auc": False}
    average: Any = "samples"
    with pytest.raises(ConfigError) as error:
        score_predictions(make([0], [0], [0, 1]), config, average)
    problems = {problem.where: problem.message for problem in error.value.problems}
    assert set(problems) == {"metrics.accuraccy", "metrics.auc", "model_config.average"}
    assert "Did you mean 'accuracy'?" in problems["metrics.accuraccy"]
    assert "'samples'" in problems["model_config.average"]


def test_several_labels_a_row_are_scored_by_the_same_names() -> None:
    predictions = MultiLabelPredictions(
        row_ids=np.arange(4),
        targets=np.array([[1, 0], [1, 1], [0, 0], [0, 1]]),
        probabilities=np.array([[0.9, 0.9], [0.9, 0.9], [0.1, 0.1], [0.9, 0.1]]),
        thresholds=np.array([0.5, 0.5]),
        labels=["rude", "loud"],
    )
    assert score_predictions(predictions, ALL) == {
        "precision": pytest.approx((2 / 3 + 1 / 2) / 2),
        "accuracy": 0.5,
        "recall": pytest.approx((1 + 1 / 2) / 2),
        "f1": pytest.approx((4 / 5 + 1 / 2) / 2),
        "confusion_matrix": {
            "rude": {"tp": 2, "tn": 1, "fp": 1, "fn": 0},
            "loud": {"tp": 1, "tn": 1, "fp": 1, "fn": 1},
        },
    }
