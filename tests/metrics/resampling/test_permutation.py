"""Answers exchanged between two models: p-values against all exchanges there are, and rules."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import permutation_test
from sklearn.metrics import f1_score

from dsf.core.predictions import Predictions
from dsf.metrics import read_metrics
from dsf.metrics.answers import answers_of
from dsf.metrics.resampling import mcnemar_p_value, permutation_p_values

LABELS = ["a", "b", "c"]


def make_sides(rows, seed, right=(0.8, 0.5)):
    random = np.random.default_rng([seed, rows])
    truth = random.integers(0, 3, rows)
    sides = []
    for each in right:
        answers = np.where(random.random(rows) < each, truth, random.integers(0, 3, rows))
        chances = random.dirichlet(np.ones(3), rows) * 0.4
        chances[np.arange(rows), answers] += 0.6
        names = np.array(LABELS)
        sides.append(
            Predictions(np.arange(rows), names[truth], names[answers], LABELS, chances.round(5))
        )
    return sides


def pairs_of(sides, *names):
    wanted = read_metrics(dict.fromkeys(names, True))
    first, second = (answers_of(side) for side in sides)
    return {one.name: (one.make(first), one.make(second)) for one in wanted}


def exchange_all(first, second, difference):
    """Compute the share of all exchanges whose difference is at least as large."""
    found = []
    for swap in product([False, True], repeat=len(first)):
        mine, theirs = np.where(swap, second, first), np.where(swap, first, second)
        found.append(abs(difference(mine, theirs)))
    return np.mean(np.array(found) >= found[0] - 1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_macro_f1_against_all_exchanges(seed):
    sides = make_sides(6, seed)
    truth = sides[0].targets

    def difference(mine, theirs):
        scores = [
            f1_score(truth, each, labels=LABELS, average="macro", zero_division=0)
            for each in (mine, theirs)
        ]
        return scores[0] - scores[1]

    exact = exchange_all(sides[0].predictions, sides[1].predictions, difference)
    p_value = permutation_p_values(pairs_of(sides, "f1_macro"), 5000, seed=seed)["f1_macro"]
    assert p_value == pytest.approx(exact, abs=0.03)


def test_accuracy_against_scipy_and_the_exact_test():
    sides = make_sides(40, 7, right=(0.9, 0.6))
    right = [(side.predictions == side.targets).astype(float) for side in sides]
    p_value = permutation_p_values(pairs_of(sides, "accuracy"), 20_000)["accuracy"]
    scipys = permutation_test(
        right,
        lambda one, other, axis: one.mean(axis=axis) - other.mean(axis=axis),
        permutation_type="samples",
        n_resamples=20_000,
        vectorized=True,
        rng=np.random.default_rng(0),
    )
    assert p_value == pytest.approx(scipys.pvalue, abs=0.02)
    assert p_value == pytest.approx(mcnemar_p_value(*right), abs=0.01)


def test_roc_auc_exchanges_ranks():
    """Bandos' test: the scores of each model become ranks, which change places row by row."""
    random = np.random.default_rng(3)
    truth = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1])
    scores = [np.clip(0.5 + truth * gain + random.normal(0, 0.2, 9), 0, 1) for gain in (0.3, 0.1)]
    sides = [
        Predictions.from_probabilities(
            np.arange(9), truth, np.column_stack([1 - each, each]), [0, 1]
        )
        for each in scores
    ]
    ranks = [each.argsort().argsort().astype(float) for each in scores]

    def area(scores):
        gaps = scores[truth == 1][:, None] - scores[truth == 0]
        return np.where(gaps == 0, 0.5, gaps > 0).mean()

    exact = exchange_all(*ranks, lambda mine, theirs: area(mine) - area(theirs))
    found = permutation_p_values(pairs_of(sides, "roc_auc"), 3000)["roc_auc"]
    assert found == pytest.approx(exact, abs=0.03)


@settings(max_examples=25)
@given(rows=st.integers(1, 60), seed=st.integers(0, 99))
def test_the_sides_do_not_matter_and_it_is_never_zero(rows, seed):
    sides = make_sides(rows, seed)
    names = ("accuracy", "f1", "log_loss", "brier_score", "mcc")
    found = permutation_p_values(pairs_of(sides, *names), 99, seed=seed)
    turned = permutation_p_values(pairs_of(sides[::-1], *names), 99, seed=seed)
    for name, p_value in found.items():
        assert np.isnan(p_value) or 1 / 100 <= p_value <= 1
        assert turned[name] == pytest.approx(p_value, nan_ok=True, abs=1e-9)


@settings(max_examples=15)
@given(rows=st.integers(1, 40), seed=st.integers(0, 99))
def test_a_copy_does_not_differ(rows, seed):
    side, _ = make_sides(rows, seed)
    names = ("accuracy", "f1", "log_loss", "roc_auc", "average_precision")
    found = permutation_p_values(pairs_of([side, side], *names), 50)
    assert {p_value for p_value in found.values() if not np.isnan(p_value)} == {1.0}


def test_what_a_model_does_not_have_has_no_p_value():
    sides = make_sides(6, 0)
    only_a = [
        Predictions(side.row_ids, np.full(6, "a"), side.predictions, LABELS, side.probabilities)
        for side in sides
    ]
    found = permutation_p_values(pairs_of(only_a, "roc_auc", "accuracy"), 20)
    assert np.isnan(found["roc_auc"])
    assert not np.isnan(found["accuracy"])


def test_clusters_are_exchanged_together():
    """Ten rows that are all alike in a cluster are one observation, not ten."""
    sides = make_sides(8, 5, right=(1.0, 0.0))
    copies = [side.take(np.repeat(np.arange(8), 1)) for side in sides]
    whole = [
        Predictions(
            np.arange(80),
            *(np.repeat(getattr(side, name), 10) for name in ("targets", "predictions")),
            LABELS,
        )
        for side in copies
    ]
    clusters = np.repeat(np.arange(8), 10)
    one_by_one = permutation_p_values(pairs_of(sides, "accuracy"), 5000)["accuracy"]
    together = permutation_p_values(pairs_of(whole, "accuracy"), 5000, clusters=clusters)
    alone = permutation_p_values(pairs_of(whole, "accuracy"), 5000)
    assert together["accuracy"] == pytest.approx(one_by_one, abs=0.02)
    assert alone["accuracy"] < together["accuracy"] / 5


def test_exchanges_are_widened_to_the_spread_over_other_rows_but_never_narrowed():
    pairs = pairs_of(make_sides(60, 3, right=(0.8, 0.6)), "f1_macro")
    found = [
        permutation_p_values(pairs, 2000, spreads={"f1_macro": spread})["f1_macro"]
        for spread in (0.0, 1e-6, 0.2, 0.8)
    ]
    assert found[0] == found[1] == permutation_p_values(pairs, 2000)["f1_macro"]
    assert found[0] < found[2] < found[3] < 1
    assert permutation_p_values(pairs, 2000, spreads={"f1": 0.8})["f1_macro"] == found[0]
