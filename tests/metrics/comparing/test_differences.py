"""Differences and their intervals are those of a plain loop over the same samples."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, f1_score, log_loss, roc_auc_score

from dsf.core.predictions import Predictions
from dsf.metrics import Bootstrap, compare_predictions, read_metrics
from dsf.metrics.answers import answers_of
from dsf.metrics.resampling import ByCluster, ByRow, holm, permutation_p_values

METRICS = {"accuracy": True, "f1": True, "log_loss": True, "roc_auc": True}
DRAWS = 40


class Replayed(Bootstrap):
    """Draws the samples that it was given, whatever is asked for, so that a loop can follow."""

    def __init__(self, samples):
        super().__init__(n_iterations=len(samples))
        object.__setattr__(self, "samples", samples)

    def resampling(self, rows):
        replay = ByRow(rows)
        replay.by_kind = lambda kinds: None
        draw = replay.draw

        def given(generator, times):
            made = draw(generator, times)
            assert times == len(self.samples)  # one block: the draws keep their order
            made.indices = self.samples
            return made

        replay.draw = given
        return replay


def by_hand(name, side, rows):
    truth, answers = side.targets[rows], side.predictions[rows]
    if name == "accuracy":
        return accuracy_score(truth, answers)
    if name == "f1":
        return f1_score(truth, answers, labels=side.labels, average="macro", zero_division=0)
    if name == "log_loss":
        return log_loss(truth, side.probabilities[rows], labels=side.labels)
    chances = side.probabilities[rows]
    areas = [roc_auc_score(truth == label, chances[:, n]) for n, label in enumerate(side.labels)]
    return np.mean(areas)


def test_they_are_those_of_a_plain_loop_on_the_same_draws(make_pair):
    trained, existing = make_pair("single", rows=80)
    samples = np.random.default_rng(1).integers(0, 80, (DRAWS, 80))
    found = compare_predictions(trained, existing, METRICS, bootstrap=Replayed(samples))
    for name in METRICS:
        measured, *drawn = (
            by_hand(name, trained, rows) - by_hand(name, existing, rows)
            for rows in (np.arange(80), *samples)
        )
        one = found["differences"][name]
        assert one["difference"] == pytest.approx(measured)
        ends = np.percentile(drawn, [2.5, 97.5])
        assert [one["lower"], one["upper"]] == pytest.approx(ends.tolist())
        sides = found["metrics"][name]
        assert sides["trained"] == pytest.approx(by_hand(name, trained, np.arange(80)))
        assert sides["trained"] - sides["eval"] == one["difference"]


def test_both_models_are_drawn_on_the_same_rows(make_pair):
    """Alike on all rows but one, they cannot lie far apart; drawn apart they would."""
    trained, _ = make_pair("single", rows=200)
    answers = trained.predictions.copy()
    answers[0] = next(label for label in "abc" if label != answers[0])
    existing = Predictions(trained.row_ids, trained.targets, answers, trained.labels)
    found = compare_predictions(trained, existing, {"accuracy": True, "f1": True})
    for one in found["differences"].values():
        assert one["upper"] - one["lower"] < 0.03


def test_accuracy_has_mcnemars_test_and_the_rest_exchanges(make_pair, kind):
    trained, existing = make_pair(kind, rows=40)
    found = compare_predictions(trained, existing, {"accuracy": True, "f1": True})["differences"]
    by_rows = kind not in {"tags", "entities"}
    assert found["accuracy"]["test"] == ("mcnemar" if by_rows else "permutation")
    assert found["f1"]["test"] == "permutation"
    if by_rows:
        right = [_right(side) for side in (trained, existing)]
        only_one, only_other = (right[0] & ~right[1]).sum(), (right[1] & ~right[0]).sum()
        expected = binomtest(int(only_one), int(only_one + only_other)).pvalue
        assert found["accuracy"]["p_value"] == pytest.approx(expected)


def _right(side):
    if hasattr(side, "outputs"):
        return np.all([_right(one) for one in side.outputs.values()], axis=0)
    same = side.targets == side.predictions
    return same.all(axis=1) if same.ndim == 2 else same


def test_p_values_are_corrected_for_how_many_there_are(make_pair):
    trained, existing = make_pair("single", rows=60)
    found = compare_predictions(trained, existing, METRICS)["differences"]
    expected = holm({name: one["p_value"] for name, one in found.items()})
    assert {name: one["p_holm"] for name, one in found.items()} == expected
    assert [one["significant"] for one in found.values()] == [
        p_value < 0.05 for p_value in expected.values()
    ]


def test_clusters_are_drawn_and_exchanged_whole(make_pair):
    trained, existing = make_pair("single", rows=60)
    groups = np.array([f"d{row // 6}" for row in range(60)])
    bootstrap = Bootstrap(resample="clusters", groups=groups, n_iterations=300)
    found = compare_predictions(trained, existing, {"accuracy": True}, bootstrap=bootstrap)
    one = found["differences"]["accuracy"]
    assert one["test"] == "permutation"  # rows of a cluster are not right by themselves
    (wanted,) = read_metrics({"accuracy": True})
    pair = tuple(wanted.make(answers_of(side)) for side in (trained, existing))
    codes = np.arange(60) // 6
    p_value = permutation_p_values({0: pair}, 300, seed=42, clusters=codes)[0]
    assert one["p_value"] == p_value
    draws = ByCluster(codes).draw(np.random.default_rng(0), 5).weights.reshape(5, 10, 6)
    assert (draws == draws[:, :, :1]).all()
    assert found["bootstrap"]["resample"] == "clusters"


def test_groups_follow_the_rows_that_are_left(make_pair):
    trained, existing = make_pair("single", rows=40)
    keep = np.arange(0, 40, 2)
    groups = np.arange(40) // 4
    whole = compare_predictions(
        trained,
        existing.take(keep[::-1]),
        {"accuracy": True},
        bootstrap=Bootstrap(resample="clusters", groups=groups),
        common_rows=True,
    )
    part = compare_predictions(
        trained.take(keep),
        existing.take(keep),
        {"accuracy": True},
        bootstrap=Bootstrap(resample="clusters", groups=groups[keep]),
    )
    assert whole["differences"] == part["differences"]
    assert whole["rows"] == 20


def test_what_a_model_does_not_have_has_a_reason(make_pair):
    trained, existing = make_pair("single", rows=30)
    bare = Predictions(existing.row_ids, existing.targets, existing.predictions, existing.labels)
    found = compare_predictions(trained, bare, METRICS)
    assert list(found["differences"]) == ["accuracy", "f1"]
    assert found["undefined"] == dict.fromkeys(
        ["log_loss", "roc_auc"],
        "Existing model: it needs the probability of every label, and there is none to use",
    )
    found = compare_predictions(bare, trained, METRICS)
    assert found["undefined"]["roc_auc"].startswith("Trained model: it needs")


def test_what_the_rows_do_not_have_has_a_reason(make_pair):
    trained, existing = (side.take(np.arange(1)) for side in make_pair("single", rows=30))
    found = compare_predictions(trained, existing, METRICS)
    assert set(found["differences"]) == {"accuracy", "f1", "log_loss"}
    assert found["undefined"]["roc_auc"].startswith("Trained model: no label has it: each needs")


def test_a_metric_that_no_sample_has_is_left_out_with_a_reason():
    """One row of the label among few: the only sample that is drawn happens to miss it."""
    truth = np.array(["a", "a", "b"])
    chances = np.array([[0.6, 0.4], [0.7, 0.3], [0.2, 0.8]])
    side = Predictions.from_probabilities(np.arange(3), truth, chances, ["a", "b"])
    bootstrap = Replayed(np.array([[0, 1, 0]]))
    found = compare_predictions(side, side, {"roc_auc": True}, bootstrap=bootstrap)
    assert found["undefined"] == {
        "roc_auc": "no sample of the rows has it, so that there is no interval"
    }
