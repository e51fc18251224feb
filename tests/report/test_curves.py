"""Curves agree with scikit-learn, and keep their shape when they are thinned."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.metrics import roc_curve as sklearn_roc_curve

from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.report.curves import (
    Curve,
    pair_predictions,
    precision_recall_curve,
    rank_answers,
    reliability_bins,
    risk_coverage_curve,
    roc_curve,
    score_answers,
    thin_curve,
)

SCORED = st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=1, max_size=40)


def arrays(rows):
    return np.array([row[0] for row in rows]), np.array([row[1] / 8 for row in rows])


@given(SCORED)
def test_areas_are_those_of_scikit_learn(rows):
    truth, scores = arrays(rows)
    ranking = rank_answers(truth, scores)
    curve = precision_recall_curve(ranking)
    if not truth.any():
        assert curve is None
    else:
        assert curve.area == pytest.approx(average_precision_score(truth, scores))
    curve = roc_curve(ranking)
    if truth.all() or not truth.any():
        assert curve is None
        return
    assert curve.area == pytest.approx(roc_auc_score(truth, scores))
    x, y, _ = sklearn_roc_curve(truth, scores, drop_intermediate=False)
    np.testing.assert_allclose([curve.x, curve.y], [x, y])


def test_no_answers_have_no_curves():
    none, nothing = np.zeros(0, bool), np.zeros(0)
    assert precision_recall_curve(rank_answers(none, nothing)) is None
    assert roc_curve(rank_answers(none, nothing)) is None
    assert reliability_bins(nothing, none) is None
    assert risk_coverage_curve(nothing, none) is None


@given(SCORED)
def test_the_risk_is_that_of_the_surest(rows):
    right, sure = arrays(rows)
    curve = risk_coverage_curve(sure, right)
    assert curve.x[-1] == 1
    assert curve.y[-1] == pytest.approx(1 - right.mean())
    for coverage, risk in zip(curve.x, curve.y, strict=True):
        surest = np.sort(sure)[::-1][round(coverage * len(sure)) - 1]
        assert risk == pytest.approx(1 - right[sure >= surest].mean())


@given(SCORED)
def test_bins_hold_every_answer_once_and_their_share_lies_in_its_interval(rows):
    true, claimed = arrays(rows)
    bins = reliability_bins(claimed, true)
    assert bins.counts.sum() == len(rows)
    assert np.sum(bins.counts * bins.share) == pytest.approx(true.sum())
    assert np.sum(bins.counts * bins.claimed) == pytest.approx(claimed.sum())
    assert (bins.lower <= bins.share + 1e-12).all()
    assert (bins.share <= bins.upper + 1e-12).all()


def test_the_interval_of_a_share_is_wilsons():
    bins = reliability_bins(np.full(10, 0.75), np.arange(10) < 8)
    assert bins.lower[0] == pytest.approx(0.4902, abs=1e-4)
    assert bins.upper[0] == pytest.approx(0.9433, abs=1e-4)


def test_a_thin_curve_stays_close_and_keeps_both_ends():
    x = np.linspace(0, 1, 20_000)
    curve = Curve(x, x**8, 0.11)
    thin = thin_curve(curve, 100)
    assert len(thin.x) <= 102
    assert (thin.x[0], thin.x[-1], thin.area) == (0, 1, 0.11)
    assert np.abs(np.interp(x, thin.x, thin.y) - curve.y).max() < 0.01
    assert thin_curve(thin, 200) is thin


def test_a_row_of_several_labels_is_as_sure_as_its_least_sure_answer():
    predictions = MultiLabelPredictions(
        np.arange(2),
        np.array([[1, 0], [1, 1]]),
        np.array([[0.9, 0.3], [0.8, 0.4]]),
        np.array([0.5, 0.5]),
        ["a", "b"],
    )
    scored = score_answers(predictions)[""]
    np.testing.assert_allclose(scored.sure, [0.7, 0.6])
    assert scored.right.tolist() == [True, False]
    assert scored.came_true.tolist() == [True, False, True, True]


def test_an_answered_entity_is_right_as_a_whole():
    predictions = TagPredictions(
        row_ids=np.array([0]),
        texts=["to New Delhi now"],
        starts=[[0, 3, 7, 13]],
        tokens=[["to", "New", "Delhi", "now"]],
        targets=[["O", "B-city", "I-city", "O"]],
        predictions=[["B-city", "B-city", "I-city", "O"]],
        confidences=[[0.6, 0.9, 0.7, 1.0]],
        tags=["O", "B-city", "I-city"],
        scheme="iob2",
    )
    scored = score_answers(predictions)[""]
    assert scored.sure.tolist() == [0.6, 0.7]
    assert scored.right.tolist() == [False, True]
    assert scored.unit == "answered entities"


def answers(ids, labels="ab"):
    return Predictions(
        np.array(ids), np.array(["a"] * len(ids)), np.array(["b"] * len(ids)), labels
    )


def test_answers_are_paired_by_their_rows():
    pair = pair_predictions(answers([3, 1, 2]), answers([2, 3, 9]))
    assert pair.trained.row_ids.tolist() == pair.existing.row_ids.tolist() == [3, 2]
    assert pair_predictions(answers([1]), answers([2])) is None
    assert pair_predictions(answers([1, 2]), answers(["1", "2"])) is not None
    several = MultiLabelPredictions(
        np.array([1]), np.ones((1, 1)), np.ones((1, 1)), np.array([0.5]), ["a"]
    )
    assert pair_predictions(answers([1]), several) is None


def test_answers_without_probabilities_have_no_curves():
    assert score_answers(answers([1, 2])) == {}
