"""ROC-AUC and average precision give scikit-learn's numbers, ties and all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st

from dsf.metrics import score_predictions
from dsf.testing.random_predictions import MODES, make_predictions

if TYPE_CHECKING:
    from collections.abc import Callable

    Measure = Callable[..., dict[Any, float]]

SIZES = {"rows": st.integers(1, 25), "seed": st.integers(0, 99)}
SCORES = {
    "roc_auc": sklearn.metrics.roc_auc_score,
    "average_precision": sklearn.metrics.average_precision_score,
}
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.UndefinedMetricWarning")
some = settings(max_examples=30)


def truth_of(predictions: Any) -> Any:
    """1 where a row has a label, else 0. Shape: ``(rows, labels)``."""
    if predictions.targets.ndim == 2:
        return predictions.targets
    return (predictions.targets[:, None] == np.array(predictions.labels)).astype(int)


@pytest.mark.parametrize("kind", ["single", "multilabel"])
@pytest.mark.parametrize("name", SCORES)
@some
@given(mode=st.sampled_from(MODES), labels=st.integers(3, 5), **SIZES)
def test_every_average_and_label(
    kind: str, name: str, mode: str, labels: int, rows: int, seed: int, measure: Measure
) -> None:
    predictions = make_predictions(kind, mode, rows=rows, labels=labels, seed=seed)
    truth, found = truth_of(predictions), predictions.probabilities
    counts = truth.sum(axis=0)
    there = (counts > 0) & ((counts < rows) | (name == "average_precision"))
    each = [
        SCORES[name](truth[:, n], found[:, n]) if there[n] else np.nan
        for n in range(len(predictions.labels))
    ]
    for average in ("macro", "weighted"):
        ours = measure(predictions, name, average=average)
        mean = np.nan
        if there.any():
            mean = SCORES[name](truth[:, there], found[:, there], average=average)
        assert ours.pop(None) == pytest.approx(mean, nan_ok=True)
        assert list(ours.values()) == pytest.approx(each, nan_ok=True)
    pooled = np.nan
    if truth.any() and (not truth.all() or name == "average_precision"):
        pooled = SCORES[name](truth.ravel(), found.ravel())
    ours = measure(predictions, name, average="micro")
    assert ours == {None: pytest.approx(pooled, nan_ok=True)}


@pytest.mark.parametrize("name", SCORES)
@some
@given(mode=st.sampled_from(MODES), **SIZES)
def test_of_two_labels_the_second_is_meant(
    name: str, mode: str, rows: int, seed: int, measure: Measure
) -> None:
    predictions = make_predictions("single", mode, rows=rows, labels=2, seed=seed)
    truth = predictions.targets == predictions.labels[1]
    needed = truth.any() and (name == "average_precision" or not truth.all())
    theirs = SCORES[name](truth, predictions.probabilities[:, 1]) if needed else np.nan
    for average in ("micro", "macro", "weighted"):
        ours = measure(predictions, name, average=average)
        assert ours == {None: pytest.approx(theirs, nan_ok=True)}


def test_all_equal_scores_tell_nothing(measure: Measure) -> None:
    predictions = make_predictions("single", "one_answer", rows=30, labels=2)
    share = np.mean(predictions.targets == predictions.labels[1])
    assert measure(predictions, "roc_auc") == {None: 0.5}
    assert measure(predictions, "average_precision") == {None: pytest.approx(share)}


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        (
            "roc_auc",
            {
                "label 0": "needs rows with the label and rows without it, but there are 9 with it "
                "and 0 without",
                "label 1": "needs rows with the label and rows without it, but there are 0 with it "
                "and 9 without",
                None: "no label has it: each needs rows with the label and rows without it",
            },
        ),
        ("average_precision", {"label 1": "needs rows with the label, but there is none"}),
    ],
)
def test_why_there_is_none_is_said(name: str, reasons: dict[Any, str]) -> None:
    from dsf.metrics.answers import answers_of
    from dsf.metrics.wanted import read_metrics

    predictions = make_predictions("multilabel", "one_label", rows=9, labels=2)
    (metric,) = read_metrics({name: True})
    made = metric.make(answers_of(predictions))
    assert {number.label: reason for number, reason in made.undefined.items()} == reasons
    found = score_predictions(predictions, {name: True})
    assert found.get("undefined", {}).get(name) == reasons.get(None)
    assert (name in found) == (None not in reasons)
