"""Metrics of probabilities give the numbers of scikit-learn and torchmetrics."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sklearn.calibration
import sklearn.metrics
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchmetrics.functional.classification import (
    binary_calibration_error,
    multiclass_calibration_error,
)

from dsf.core.errors import ConfigError
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.metrics import score_predictions
from dsf.testing.random_predictions import MODES, make_predictions

if TYPE_CHECKING:
    from collections.abc import Callable

    Measure = Callable[..., dict[Any, float]]

SIZES = {"rows": st.integers(1, 25), "labels": st.integers(2, 5), "seed": st.integers(0, 99)}
MODE = st.sampled_from(MODES)
some = settings(max_examples=30)


@some
@given(mode=MODE, **SIZES)
def test_log_loss_and_brier_score_of_one_label(
    mode: str, rows: int, labels: int, seed: int, measure: Measure
) -> None:
    predictions = make_predictions("single", mode, rows=rows, labels=labels, seed=seed)
    true, found, names = predictions.targets, predictions.probabilities, predictions.labels
    theirs = sklearn.metrics.log_loss(true, found, labels=names)
    assert measure(predictions, "log_loss") == {None: pytest.approx(theirs, abs=1e-9)}
    options = {"pos_label": names[1]} if labels == 2 else {"labels": names}
    found = found[:, 1] if labels == 2 else found
    theirs = sklearn.metrics.brier_score_loss(true, found, **options)
    assert measure(predictions, "brier_score") == {None: pytest.approx(theirs)}


@some
@given(mode=MODE, **SIZES)
def test_log_loss_and_brier_score_of_several_labels(
    mode: str, rows: int, labels: int, seed: int, measure: Measure
) -> None:
    """Each label is a score of its own, and the headline their mean."""
    predictions = make_predictions("multilabel", mode, rows=rows, labels=labels, seed=seed)
    pairs = list(zip(predictions.targets.T, predictions.probabilities.T, strict=True))
    losses = [sklearn.metrics.log_loss(*one, labels=[0, 1]) for one in pairs]
    briers = [sklearn.metrics.brier_score_loss(*one, labels=[0, 1]) for one in pairs]
    for name, each in (("log_loss", losses), ("brier_score", briers)):
        ours = measure(predictions, name)
        assert ours.pop(None) == pytest.approx(np.mean(each), abs=1e-9)
        assert list(ours.values()) == pytest.approx(each, abs=1e-9)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_sure_mistake_costs_36_in_any_width(dtype: type) -> None:
    ids, sure = np.arange(1), np.array([[1, 0]], dtype=dtype)
    one = Predictions(ids, np.array(["b"]), np.array(["a"]), ["a", "b"], sure)
    several = MultiLabelPredictions(ids, np.array([[0, 1]]), sure, np.full(2, 0.5), ["a", "b"])
    for predictions in (one, several):
        found = score_predictions(predictions, {"log_loss": True})
        assert found["log_loss"] == pytest.approx(36.04365338911715)


@some
@given(mode=MODE, bins=st.integers(1, 20), **SIZES)
def test_calibration_error_of_one_label(
    mode: str, bins: int, rows: int, labels: int, seed: int, measure: Measure
) -> None:
    """That of torchmetrics, but where a probability lies on the edge of a bin."""
    predictions = make_predictions("single", mode, rows=rows, labels=labels, seed=seed)
    found = predictions.probabilities
    ours = measure(predictions, "expected_calibration_error", bins=bins)
    assert ours == {None: pytest.approx(_plainly(found.max(axis=1), predictions, bins))}
    if mode == "tied":
        return
    codes = np.array([predictions.labels.index(label) for label in predictions.targets])
    theirs = multiclass_calibration_error(
        torch.tensor(found), torch.tensor(codes), num_classes=labels, n_bins=bins
    )
    assert ours[None] == pytest.approx(float(theirs), abs=1e-6)


def _plainly(sure: Any, predictions: Any, bins: int) -> float:
    """Bin by bin, from the lowest, its upper edge included."""
    right, error = predictions.targets == predictions.predictions, 0.0
    edges = np.linspace(0, 1, bins + 1)
    for number, (low, high) in enumerate(pairwise(edges)):
        inside = (sure <= high) & ((sure > low) | (number == 0))
        if inside.any():
            error += inside.mean() * abs(sure[inside].mean() - right[inside].mean())
    return error


@some
@given(mode=MODE, bins=st.integers(1, 20), **SIZES)
def test_calibration_error_of_several_labels(
    mode: str, bins: int, rows: int, labels: int, seed: int, measure: Measure
) -> None:
    """Each label's bins are those of scikit-learn's calibration curve."""
    predictions = make_predictions("multilabel", mode, rows=rows, labels=labels, seed=seed)
    each = []
    for true, found in zip(predictions.targets.T, predictions.probabilities.T, strict=True):
        shares, means = sklearn.calibration.calibration_curve(true, found, n_bins=bins)
        inside = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], found)
        sizes = np.bincount(inside, minlength=bins)
        each.append(float(np.sum(sizes[sizes > 0] / rows * np.abs(shares - means))))
        # What lies on an edge is in torchmetrics' next bin: a probability of 1 in one of its own.
        if not np.isin(found, np.linspace(0, 1, bins + 1)).any():
            theirs = binary_calibration_error(torch.tensor(found), torch.tensor(true), n_bins=bins)
            assert each[-1] == pytest.approx(float(theirs), abs=1e-6)
    ours = measure(predictions, "expected_calibration_error", bins=bins)
    assert ours.pop(None) == pytest.approx(np.mean(each))
    assert list(ours.values()) == pytest.approx(each)


@some
@given(mode=MODE, k=st.integers(1, 6), **SIZES)
def test_top_k(mode: str, k: int, rows: int, labels: int, seed: int, measure: Measure) -> None:
    """Of labels with the same probability the first comes first; scikit-learn takes the last."""
    predictions = make_predictions("single", mode, rows=rows, labels=labels, seed=seed)
    backwards = predictions.probabilities[:, ::-1]
    codes = np.array([labels - 1 - predictions.labels.index(one) for one in predictions.targets])
    theirs = 1.0
    if k < labels and labels > 2:
        theirs = sklearn.metrics.top_k_accuracy_score(codes, backwards, k=k, labels=range(labels))
    elif k < labels:
        theirs = np.mean(predictions.targets == predictions.predictions)
    assert measure(predictions, "top_k_accuracy", k=k) == {None: pytest.approx(theirs)}
    first = measure(predictions, "top_k_accuracy", k=1)
    assert first == measure(predictions, "accuracy")


@pytest.mark.parametrize(
    ("name", "option"), [("top_k_accuracy", "k"), ("expected_calibration_error", "bins")]
)
def test_none_at_all_is_refused(name: str, option: str, measure: Measure) -> None:
    with pytest.raises(ConfigError, match=f"{option} must be a whole number of at least 1, not 0"):
        measure(make_predictions("single"), name, **{option: 0})
