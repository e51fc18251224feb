"""The section ``metrics``: every spelling, and every mistake, all at once."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
import sklearn.metrics

from dsf.core.config import load_config
from dsf.core.errors import ConfigError
from dsf.metrics import METRICS, check_metrics, read_metrics, score_predictions
from dsf.testing.random_predictions import KINDS, make_predictions

BALANCED = "sklearn.metrics:balanced_accuracy_score"


def distance(targets: Any, predictions: Any, power: float = 1.0) -> float:
    """A metric of one's own."""
    return float(np.mean((targets != predictions) ** power))


def messages(config: dict[str, Any], kind: str | None = None) -> dict[str, str]:
    with pytest.raises(ConfigError, match="The metrics cannot be computed as configured") as caught:
        read_metrics(config, kind=kind)
    found = [(problem.where, problem.message) for problem in caught.value.problems]
    assert len(dict(found)) == len(found)
    return dict(found)


@pytest.mark.parametrize("name", METRICS)
def test_each_name_switches_its_metric_on(name: str) -> None:
    for value in (True, {}):
        (found,) = read_metrics({name: value})
        assert found.name == name
        assert found.metric is METRICS[name]
        assert found.less_is_better == METRICS[name].less_is_better
        assert found.from_probabilities == METRICS[name].from_probabilities
    assert read_metrics({name: False}) == read_metrics({name: None}) == []


def test_the_order_is_that_of_the_config() -> None:
    config = {"recall": True, "confusion_matrix": True, "own": distance, "f1": False, "mcc": {}}
    assert [one.name for one in read_metrics(config)] == ["recall", "own", "mcc"]
    assert read_metrics({}) == []


def test_options_are_handed_on() -> None:
    predictions = make_predictions("single", rows=30, labels=4)
    config = {
        "top_k_accuracy": {"k": 2},
        "sure": {"metric": "top_k_accuracy", "k": 4},
        "f1": {"average": "weighted"},
        "precision": True,
        "expected_calibration_error": {"bins": 1},
    }
    found = score_predictions(predictions, config, "micro")
    plain = score_predictions(predictions, {"accuracy": True, "f1_weighted": True})
    assert found["sure"] == 1.0 > found["top_k_accuracy"] > plain["accuracy"]
    assert found["f1"] == plain["f1_weighted"]
    assert found["precision"] == plain["accuracy"]  # micro: the average of the model
    sure = predictions.probabilities.max(axis=1).mean()
    assert found["expected_calibration_error"] == pytest.approx(abs(sure - plain["accuracy"]))


@pytest.mark.parametrize(
    "value",
    [
        BALANCED,
        sklearn.metrics.balanced_accuracy_score,
        {"module": "sklearn.metrics", "func": "balanced_accuracy_score"},
        {"class_path": "sklearn.metrics.balanced_accuracy_score", "init_args": {"adjusted": False}},
        {"module": "sklearn.metrics", "func": "recall_score", "kwargs": {"average": "macro"}},
        {"function": BALANCED},
        {"function": sklearn.metrics.balanced_accuracy_score},
        {"function": {"module": "sklearn.metrics", "func": "balanced_accuracy_score"}},
        partial(sklearn.metrics.recall_score, average="macro"),
    ],
)
def test_a_function_is_spelled_in_any_way(value: Any) -> None:
    predictions = make_predictions("single", rows=30)
    (found,) = read_metrics({"own": value}, kind="single")
    assert (found.name, found.metric, found.less_is_better) == ("own", None, False)
    scores = score_predictions(predictions, {"own": value, "tpr": True})
    assert scores["own"] == pytest.approx(scores["tpr"])


@pytest.mark.parametrize("less", [True, False])
def test_less_may_be_better(less: bool) -> None:
    function = {"module": "sklearn.metrics", "func": "fbeta_score", "kwargs": {"beta": 2.0}}
    (found,) = read_metrics({"own": {"function": function, "less_is_better": less}})
    assert found.less_is_better is less


def test_arguments_reach_a_function_of_ones_own() -> None:
    predictions = make_predictions("single", rows=20)
    config = {"plain": distance, "odd": partial(distance, power=0.0), "accuracy": True}
    found = score_predictions(predictions, config)
    assert found["plain"] == pytest.approx(1 - found["accuracy"])
    assert found["odd"] == 1.0


MISTAKES: list[tuple[str, Any, str]] = [
    ("acuracy", True, "must be one of accuracy, average_precision, "),
    ("acuracy", True, "not 'acuracy'. Did you mean 'accuracy'?"),
    ("acuracy", False, "Did you mean 'accuracy'?"),
    ("acuracy", None, "Did you mean 'accuracy'?"),
    ("own", {"metric": "f1_makro"}, "not 'f1_makro'. Did you mean 'f1_macro'?"),
    ("own", {"metric": ["f1"]}, "not \"['f1']\"."),
    ("accuracy", 1, "must be true, false, options or a reference to a function, but is 1."),
    ("accuracy", [True], "must be true, false, options or a reference"),
    ("accuracy", {"average": "micro"}, "has no option 'average'. It has none."),
    ("f1", {"averge": "micro"}, "has no option 'averge'. Did you mean 'average'?"),
    ("f1", {"average": "samples"}, "average must be one of micro, macro, weighted, not 'samples'."),
    ("f1", {"average": None}, "not None."),
    ("f1_micro", {"average": "macro"}, "has no option 'average'. It has none."),
    ("roc_auc", {"average": []}, "not []."),
    ("top_k_accuracy", {"k": 0}, "k must be a whole number of at least 1, not 0."),
    ("top_k_accuracy", {"k": True}, "not True."),
    ("top_k_accuracy", {"k": 2.0}, "not 2.0."),
    ("expected_calibration_error", {"bins": "many"}, "bins must be a whole number of at least 1"),
    ("confusion_matrix", BALANCED, "must be true or false, but is 'sklearn"),
    ("confusion_matrix", {"metric": "f1"}, "must be true or false"),
    ("labels", BALANCED, "is a key of the results themselves. Give the metric another name."),
    ("undefined", True, "Give the metric another name."),
    ("own", "balanced_accuracy_score", "must be a reference such as 'pkg.module:name'"),
    ("own", "sklearn.metrics:balanced_accuracy", "Did you mean 'balanced_accuracy_score'?"),
    ("own", "os:getcwd", "must"),
    ("own", {"function": "sklearn.metrics:f1_skore"}, "Did you mean 'f1_score'"),
    ("own", {"function": BALANCED, "less_is_beter": True}, "Did you mean 'less_is_better'?"),
    ("own", {"function": BALANCED, "less_is_better": "no"}, "must be true or false, not 'no'."),
    ("own", {"module": "sklearn.metrics", "func": "fbeta_score"}, "needs a value for 'beta'"),
    (
        "own",
        {"module": "sklearn.metrics", "func": "fbeta_score", "kwargs": {"beta": 1, "bta": 2}},
        "has no argument 'bta'",
    ),
    ("own", "sklearn.metrics:auc", "auc must have parameters of these names: targets, y_true,"),
    ("own", "numpy:pi", "must be a function, but 'numpy:pi' is 3.14"),
]


@pytest.mark.parametrize(("name", "value", "message"), MISTAKES)
def test_a_mistake_is_named(name: str, value: Any, message: str) -> None:
    found = messages({"accuracy": True} | {name: value})
    assert list(found) == [f"metrics.{name}"]
    assert message in found[f"metrics.{name}"]


def test_all_mistakes_are_told_at_once() -> None:
    config: dict[str, Any] = {"acuracy": True, "f1": {"averge": "micro"}, "own": "nowhere:there"}
    average: Any = "samples"
    problems = check_metrics(config, average)
    assert [problem.where for problem in problems] == [
        *("metrics.acuracy", "metrics.f1", "metrics.own", "model_config.average"),
    ]
    with pytest.raises(ConfigError) as caught:
        read_metrics(config, average)
    assert list(caught.value.problems) == problems
    two = {"function": "nowhere:there", "less_is_better": 1, "more": 2}
    assert len(check_metrics({"own": two})) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_kind_of_answers_cannot_have_is_refused(kind: str) -> None:
    as_kind = "single" if kind == "multi_output" else kind
    there = {name: True for name, metric in METRICS.items() if as_kind in metric.kinds}
    assert [one.name for one in read_metrics(there, kind=kind)] == list(there)
    lacking = dict.fromkeys(sorted(set(METRICS) - set(there)), True)
    assert lacking
    found = messages(lacking, kind)
    assert list(found) == [f"metrics.{name}" for name in lacking]
    assert all("needs" in message and "Switch it off." in message for message in found.values())
    assert read_metrics(dict.fromkeys(lacking, False), kind=kind) == []


def test_what_is_needed_is_said_in_words() -> None:
    found = messages({"partial_f1": True, "one": {"metric": "top_k_accuracy"}}, "multilabel")
    assert found == {
        "metrics.partial_f1": "needs entities, but this task has several labels a row. "
        "Switch it off.",
        "metrics.one": "needs one label a row, but this task has several labels a row. "
        "Switch it off.",
    }


def test_a_yaml_file_says_the_same(tmp_path: Any) -> None:
    text = """
metrics:
  accuracy: true
  f1: false
  precision: {average: micro}
  top_3: {metric: top_k_accuracy, k: 3}
  balanced: "sklearn.metrics:balanced_accuracy_score"
  wrong:
    function: {module: sklearn.metrics, func: zero_one_loss, kwargs: {normalize: true}}
    less_is_better: true
"""
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    section = load_config(tmp_path / "config.yaml", environ={})["metrics"]
    names = [one.name for one in read_metrics(section)]
    assert set(names) == {"accuracy", "precision", "recall", "top_3", "balanced", "wrong"}
    found = score_predictions(make_predictions("single", labels=4), section)
    assert found["wrong"] == pytest.approx(1 - found["accuracy"])
