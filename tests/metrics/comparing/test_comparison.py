"""The whole comparison: a copy is not worse, slices count if they should, JSON can keep it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dsf.core.errors import ConfigError
from dsf.core.predictions import Predictions
from dsf.metrics import METRICS, Bootstrap, ComparisonRules, compare_predictions
from dsf.metrics.comparing import COVERS, VERDICTS
from dsf.metrics.wanted import check_metrics

DEFAULT = dict.fromkeys(("accuracy", "precision", "recall", "f1", "confusion_matrix"), True)
FEW = Bootstrap(n_iterations=200)
MAIN = {"multilabel": "f1", "entities": "f1"}


def all_metrics(kind):
    return {name: True for name in METRICS if not check_metrics({name: True}, kind=kind)}


def test_a_copy_is_not_worse_and_differs_by_nothing(make_pair, kind):
    side, _ = make_pair(kind, rows=50)
    wanted = all_metrics(kind)
    assert len(wanted) > 5
    rules = ComparisonRules(metrics=None)
    found = compare_predictions(side, side, wanted, rules=rules, bootstrap=FEW)
    assert set(found["differences"]) == set(wanted)
    for one in found["differences"].values():
        assert (one["difference"], one["lower"], one["upper"]) == (0, 0, 0)
        assert (one["p_value"], one["p_holm"], one["significant"]) == (1, 1, False)
        assert one["verdict"] == "not worse"
    assert found["verdict"]["verdict"] == "not worse"
    assert not found["verdict"]["passed"]  # superiority
    assert "whichever rows are drawn" in found["verdict"]["reason"]


def test_every_kind_is_judged_by_its_main_metric_and_fits_json(make_pair, kind):
    trained, existing = make_pair(kind, rows=200, right=(0.95, 0.5))
    found = compare_predictions(trained, existing, all_metrics(kind), bootstrap=FEW)
    assert list(found["verdict"]["metrics"]) == [MAIN.get(kind, "accuracy")]
    assert found["verdict"]["verdict"] == "better"
    assert found["verdict"]["passed"]
    assert found["rows"] == 200
    assert found["covers"] == COVERS
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    turned = compare_predictions(existing, trained, all_metrics(kind), bootstrap=FEW)
    assert turned["verdict"]["verdict"] == "worse"
    for name, one in turned["differences"].items():
        assert one["difference"] == -found["differences"][name]["difference"]


@pytest.mark.parametrize(
    ("rows", "clusters", "told"), [(29, None, "29 rows"), (30, None, ""), (60, 8, "8 clusters")]
)
def test_few_rows_or_clusters_are_remarked_upon(make_pair, rows, clusters, told):
    bootstrap = FEW
    if clusters:
        bootstrap = replace(FEW, resample="clusters", groups=np.arange(rows) % clusters)
    notes = compare_predictions(*make_pair(rows=rows), DEFAULT, bootstrap=bootstrap)["notes"]
    assert [told in note for note in notes] == ([True] if told else [])


@pytest.mark.parametrize(
    ("percentile", "told"), [(10, ""), (11, "78 %: they miss the truth in 22")]
)
def test_intervals_that_are_narrow_by_their_name_are_remarked_upon(make_pair, percentile, told):
    for one in (percentile, 100 - percentile):
        bootstrap = replace(FEW, percentile=one)
        notes = compare_predictions(*make_pair(rows=40), DEFAULT, bootstrap=bootstrap)["notes"]
        assert [told in note for note in notes] == ([True] if told else [])


@pytest.mark.parametrize(("samples", "word"), [(39, "undecided"), (40, "better")])
def test_too_few_samples_for_the_ends_of_an_interval_decide_nothing(make_pair, samples, word):
    pair = make_pair(rows=200, right=(0.95, 0.5))
    found = compare_predictions(*pair, DEFAULT, bootstrap=Bootstrap(n_iterations=samples))
    assert found["verdict"]["verdict"] == word
    told = "it takes 40 at least (bootstrap_config.n_iterations)"
    assert (told in found["verdict"]["reason"]) == (word == "undecided")
    assert {one["verdict"] for one in found["differences"].values()} == {word}


def test_a_metric_that_is_named_twice_is_judged_once(make_pair):
    rules = ComparisonRules(metrics=("f1", "f1"))
    pair = make_pair(rows=200, right=(0.95, 0.5))
    found = compare_predictions(*pair, DEFAULT, rules=rules, bootstrap=FEW)["verdict"]
    assert (found["verdict"], found["metrics"]) == ("better", {"f1": "better"})


def test_each_output_has_its_difference_with_an_interval(make_pair):
    trained, existing = make_pair("multi_output", rows=200, right=(0.95, 0.5))
    wanted = {"f1": True, "fpr": True, "exact_match": True}
    found = compare_predictions(trained, existing, wanted, bootstrap=FEW)["outputs"]
    assert set(found) == set(trained.outputs)
    for output, each in found.items():
        assert set(each) == {"f1", "fpr"}  # a row is right as a whole or not
        alone = compare_predictions(
            trained.outputs[output], existing.outputs[output], wanted, bootstrap=FEW
        )
        for name, one in each.items():
            theirs = alone["differences"][name]
            assert {one["trained"], one["eval"]} == set(alone["metrics"][name].values())
            assert one["difference"] == pytest.approx(theirs["difference"])
            assert one["lower"] == pytest.approx(theirs["lower"], abs=0.05)
            assert one["upper"] == pytest.approx(theirs["upper"], abs=0.05)
            assert one["verdict"] == theirs["verdict"] == "better"
            assert one.get("less_is_better", False) == (name == "fpr")
    assert compare_predictions(*make_pair(), DEFAULT, bootstrap=FEW)["outputs"] == {}


def test_slices_that_must_pass_and_do_not_are_named(make_pair):
    trained, existing = make_pair(rows=200, right=(0.9, 0.9))
    rows = pd.DataFrame({"row_id": trained.row_ids, "half": np.arange(200) % 2})
    named = {"rows": rows, "slices": ["half"], "bootstrap": FEW}
    rules = ComparisonRules(slice_rule="superiority")
    found = compare_predictions(trained, existing, DEFAULT, rules=rules, **named)["verdict"]
    assert found["failing_slices"] == ["half 0", "half 1"]
    found = compare_predictions(trained, existing, DEFAULT, **named)["verdict"]
    assert found["failing_slices"] == []


def test_the_confusion_matrix_is_no_number(make_pair):
    assert "confusion_matrix" not in compare_predictions(*make_pair(), DEFAULT)["metrics"]


def test_the_verdict_is_the_worst_of_the_metrics_that_it_is_about(make_pair):
    trained, existing = make_pair("single", rows=200, right=(0.95, 0.5))
    unsure = replace(trained, probabilities=np.full((200, 3), 1 / 3))
    wanted = {"accuracy": True, "log_loss": True}
    rules = ComparisonRules(metrics=("log_loss", "accuracy"))
    found = compare_predictions(unsure, existing, wanted, rules=rules, bootstrap=FEW)
    words = {name: one["verdict"] for name, one in found["differences"].items()}
    assert words["accuracy"] == "better"
    assert found["verdict"]["metrics"] == words
    assert found["verdict"]["verdict"] == max(words.values(), key=VERDICTS.index)


def test_without_the_main_metric_the_first_one_counts(make_pair):
    found = compare_predictions(*make_pair(), {"mcc": True, "f1": True}, bootstrap=FEW)
    assert list(found["verdict"]["metrics"]) == ["mcc"]


def test_rules_must_name_metrics_that_are_on(make_pair):
    rules = ComparisonRules(metrics=("f1", "mcc"))
    with pytest.raises(ConfigError, match=r"switched on, but \['mcc'\] are not. On are: accuracy"):
        compare_predictions(*make_pair(), DEFAULT, rules=rules)


def test_a_metric_that_the_task_cannot_have_is_refused(make_pair):
    with pytest.raises(ConfigError, match=r"metrics\.roc_auc: needs one label a row or several"):
        compare_predictions(*make_pair("tags"), {"roc_auc": True})


def test_what_cannot_be_computed_cannot_be_judged(make_pair):
    trained, existing = make_pair("single", rows=30)
    bare = replace(existing, probabilities=None)
    found = compare_predictions(trained, bare, {"roc_auc": True, "f1": True})
    verdict = found["verdict"]
    assert (verdict["verdict"], verdict["passed"]) == ("undecided", False)
    assert verdict["reason"] == (
        "The models cannot be judged: roc_auc: Existing model: it needs the probability of every "
        "label, and there is none to use."
    )
    nothing = compare_predictions(trained, existing, {"f1": False})["verdict"]
    assert nothing["reason"] == "No metric is switched on."


class TestSlices:
    """Two languages; in one the trained model is right, in the other the existing one."""

    @pytest.fixture
    def sides(self):
        truth = np.array(["a", "b"] * 100)
        wrong = np.where(truth == "a", "b", "a")
        first, ids = np.arange(200) < 120, np.arange(200)
        trained, existing = (
            Predictions(ids, truth, np.where(right, truth, wrong), ["a", "b"])
            for right in (first | (ids % 2 == 0), ~first | (ids % 20 == 0))
        )
        return trained, existing

    @pytest.fixture
    def rows(self):
        ids = np.arange(210)[::-1]
        languages = np.where(ids < 120, "de", np.where(ids < 198, "en", "pt"))
        return pd.DataFrame({"row_id": ids, "language": languages, "text": "text"})

    def compare(self, sides, rows, **rules):
        rules = ComparisonRules(**{"rule": "superiority", **rules})
        columns = {"slices": ["language"], "rows": rows}
        return compare_predictions(
            *sides, {"accuracy": True}, rules=rules, bootstrap=FEW, **columns
        )

    def test_they_are_shown_and_decide_nothing(self, sides, rows):
        found = self.compare(sides, rows)
        assert [(one["value"], one["rows"], one["verdict"]) for one in found["slices"]] == [
            ("de", 120, "better"),
            ("en", 78, "worse"),
        ]
        assert found["slices"][1]["metrics"]["accuracy"]["eval"] == 1.0
        assert found["verdict"]["verdict"] == "better"
        assert found["verdict"]["passed"]
        assert found["verdict"]["reason"].endswith("It is worse in 1 of 2 slices: language en.")
        assert found["notes"] == ["Slices of fewer than 30 rows are left out: language pt (2)."]

    def test_with_a_rule_all_must_pass(self, sides, rows):
        found = self.compare(sides, rows, slice_rule="non_inferiority")
        assert not found["verdict"]["passed"]
        assert found["verdict"]["verdict"] == "better"
        assert found["verdict"]["reason"].endswith(
            "It does not pass non-inferiority in 1 of 2 slices: language en."
        )
        swapped = rows.assign(language=np.where(rows["language"] == "en", "de", rows["language"]))
        assert self.compare(sides, swapped, slice_rule="superiority")["verdict"]["passed"]

    def test_a_slice_is_what_comparing_its_rows_alone_gives(self, sides, rows):
        found = self.compare(sides, rows)["slices"][0]
        alone = compare_predictions(
            *(side.take(np.arange(120)) for side in sides), {"accuracy": True}, bootstrap=FEW
        )
        one = alone["differences"]["accuracy"]
        assert {key: one[key] for key in ("difference", "lower", "upper")} == {
            key: found["metrics"]["accuracy"][key] for key in ("difference", "lower", "upper")
        }

    def test_they_need_rows(self, sides):
        with pytest.raises(ConfigError, match=r"need the rows to find \['language'\] in"):
            self.compare(sides, None)


def test_a_non_inferiority_rule_passes_what_is_not_worse(make_pair):
    side, _ = make_pair("single", rows=50)
    rules = ComparisonRules(rule="non_inferiority")
    verdict = compare_predictions(side, side, DEFAULT, rules=rules, bootstrap=FEW)["verdict"]
    assert verdict["passed"]
    assert (verdict["rule"], verdict["margin"]) == ("non_inferiority", 0.01)
