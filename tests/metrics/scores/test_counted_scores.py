"""Metrics that follow from counts give scikit-learn's numbers, whatever the answers."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st

from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics import score_predictions
from dsf.testing.random_predictions import MODES, make_predictions

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Measure = Callable[..., dict[Any, float]]

SIZES = {"rows": st.integers(1, 15), "labels": st.integers(1, 5), "seed": st.integers(0, 99)}
MODE = st.sampled_from(MODES)
KINDS = ("single", "multilabel", "tags")
SCORES = {
    "precision": sklearn.metrics.precision_score,
    "recall": sklearn.metrics.recall_score,
    "f1": sklearn.metrics.f1_score,
}
pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.UndefinedMetricWarning"),
    pytest.mark.filterwarnings("ignore:A single label was found"),
]
some = settings(max_examples=15)


def pair(predictions: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Truth and answers as scikit-learn takes them; of tags, token by token."""
    sides = predictions.targets, predictions.predictions
    if isinstance(predictions, TagPredictions):
        sides = tuple(np.array(list(chain.from_iterable(side)), dtype=str) for side in sides)
    return sides


def labels_of(predictions: Any) -> list[Any]:
    return list(predictions.tags if isinstance(predictions, TagPredictions) else predictions.labels)


def columns_of(predictions: Any) -> list[Any] | None:
    """What scikit-learn takes for the labels; a single column of switches is two labels to it."""
    if isinstance(predictions, MultiLabelPredictions):
        return [1] if len(predictions.labels) == 1 else None
    return labels_of(predictions)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SCORES)
@some
@given(mode=MODE, **SIZES)
def test_precision_recall_and_f1(
    kind: str, name: str, mode: str, rows: int, labels: int, seed: int, measure: Measure
) -> None:
    predictions = make_predictions(kind, mode, rows=rows, labels=labels, seed=seed)
    true, answered = pair(predictions)
    if not len(true):
        return
    score, names, known = SCORES[name], labels_of(predictions), columns_of(predictions)
    each = score(true, answered, labels=known, average=None, zero_division=0)
    switches = (
        (true, answered)
        if kind == "multilabel"
        else (side[:, None] == np.array(names) for side in (true, answered))
    )
    unused = ~np.any(list(switches), axis=(0, 1))
    each = np.where(unused, np.nan, each)  # scikit-learn says 0 of a label that nobody used
    for average in ("micro", "macro", "weighted"):
        found = measure(predictions, name, average=average)
        assert found == pytest.approx(measure(predictions, f"{name}_{average}"), nan_ok=True)
        assert [found[label] for label in names] == pytest.approx(list(each), nan_ok=True)
        only = known if kind == "multilabel" else None
        theirs = score(true, answered, labels=only, average=average, zero_division=0)
        if kind == "multilabel" and average == "macro":
            theirs = 0.0 if unused.all() else each[~unused].mean()
        assert found[None] == pytest.approx(theirs)


@pytest.mark.parametrize("kind", KINDS)
@some
@given(mode=MODE, **SIZES)
def test_accuracy_and_exact_match(
    kind: str, mode: str, rows: int, labels: int, seed: int, measure: Measure
) -> None:
    predictions = make_predictions(kind, mode, rows=rows, labels=labels, seed=seed)
    true, answered = pair(predictions)
    theirs = sklearn.metrics.accuracy_score(true, answered) if len(true) else 0.0
    assert measure(predictions, "accuracy") == {None: pytest.approx(theirs)}
    pairs = zip(predictions.targets, predictions.predictions, strict=True)
    whole = np.mean([np.array_equal(*each) for each in pairs])
    assert measure(predictions, "exact_match") == {None: pytest.approx(whole)}


@some
@given(mode=MODE, **SIZES)
def test_several_outputs_are_right_together(mode: str, rows: int, labels: int, seed: int) -> None:
    predictions = make_predictions("multi_output", mode, rows=rows, labels=labels, seed=seed)
    right = {name: one.targets == one.predictions for name, one in predictions.outputs.items()}
    whole = pytest.approx(np.mean(np.all(list(right.values()), axis=0)))
    found = score_predictions(predictions, {"accuracy": True, "exact_match": True})
    each = {name: {"accuracy": pytest.approx(hits.mean())} for name, hits in right.items()}
    assert found == {"accuracy": whole, "exact_match": whole, "outputs": each}


@some
@given(mode=MODE, **SIZES)
def test_hamming_loss(mode: str, rows: int, labels: int, seed: int, measure: Measure) -> None:
    predictions = make_predictions("multilabel", mode, rows=rows, labels=labels, seed=seed)
    true, answered = pair(predictions)
    found = measure(predictions, "hamming_loss")
    assert found.pop(None) == pytest.approx(sklearn.metrics.hamming_loss(true, answered))
    assert list(found.values()) == pytest.approx((true != answered).mean(axis=0))


@pytest.mark.parametrize("kind", ["single", "tags"])
@some
@given(mode=MODE, **SIZES)
def test_correlation_and_kappa_of_one_label(
    kind: str, mode: str, rows: int, labels: int, seed: int, measure: Measure
) -> None:
    predictions = make_predictions(kind, mode, rows=rows, labels=labels, seed=seed)
    true, answered = pair(predictions)
    if not len(true):
        return
    theirs = sklearn.metrics.matthews_corrcoef(true, answered)
    assert measure(predictions, "mcc") == {None: pytest.approx(theirs, abs=1e-12)}
    theirs = sklearn.metrics.cohen_kappa_score(true, answered)
    found = measure(predictions, "cohen_kappa")
    assert found == {None: pytest.approx(theirs, abs=1e-12, nan_ok=True)}


@some
@given(mode=MODE, **SIZES)
def test_correlation_and_kappa_of_several_labels(
    mode: str, rows: int, labels: int, seed: int, measure: Measure
) -> None:
    predictions = make_predictions("multilabel", mode, rows=rows, labels=labels, seed=seed)
    pairs = list(zip(*(side.T for side in pair(predictions)), strict=True))
    each = [sklearn.metrics.matthews_corrcoef(*one) for one in pairs]
    found = measure(predictions, "mcc")
    assert found.pop(None) == pytest.approx(np.mean(each), abs=1e-12)
    assert list(found.values()) == pytest.approx(each, abs=1e-12)
    each = [sklearn.metrics.cohen_kappa_score(*one) for one in pairs]
    found, there = measure(predictions, "cohen_kappa"), ~np.isnan(each)
    mean = np.mean(np.array(each)[there]) if there.any() else np.nan
    assert found.pop(None) == pytest.approx(mean, abs=1e-12, nan_ok=True)
    assert list(found.values()) == pytest.approx(each, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("kind", KINDS)
@some
@given(mode=MODE, **SIZES)
def test_the_four_rates(
    kind: str, mode: str, rows: int, labels: int, seed: int, measure: Measure
) -> None:
    predictions = make_predictions(kind, mode, rows=rows, labels=labels, seed=seed)
    true, answered = pair(predictions)
    if not len(true):
        return
    known = columns_of(predictions)
    counts = sklearn.metrics.multilabel_confusion_matrix(true, answered, labels=known)
    (tn, fp), (fn, tp) = np.moveaxis(counts, 0, -1).astype(float)
    parts = {"tpr": (tp, tp + fn), "fnr": (fn, tp + fn), "fpr": (fp, fp + tn), "tnr": (tn, fp + tn)}
    for name, (part, whole) in parts.items():
        there = whole > 0
        each = np.where(there, part / np.where(there, whole, 1), np.nan)
        found = measure(predictions, name)
        mean = each[there].mean() if there.any() else np.nan
        assert found.pop(None) == pytest.approx(mean, nan_ok=True)
        assert list(found.values()) == pytest.approx(each.tolist(), nan_ok=True)
