"""Rates with error bars, next to a plain loop over rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, DataError
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.metrics import RATES, Bootstrap, Interval, bootstrap_rates, score_predictions

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _loop_rates(targets: NDArray, answers: NDArray) -> NDArray:
    """The rates of each label, row by row. Shape: ``(4, labels)``."""
    rates = np.zeros((4, targets.shape[1]))
    for label in range(targets.shape[1]):
        tp = fp = fn = tn = 0
        for true, answered in zip(targets[:, label], answers[:, label], strict=True):
            tp += true and answered
            fp += (not true) and answered
            fn += true and not answered
            tn += (not true) and not answered
        rates[:, label] = [
            tp / (tp + fn) if tp + fn else 0,
            fp / (fp + tn) if fp + tn else 0,
            fn / (tp + fn) if tp + fn else 0,
            tn / (fp + tn) if fp + tn else 0,
        ]
    return rates


@st.composite
def _switches(draw: st.DrawFn) -> tuple[NDArray, NDArray]:
    rows, labels = draw(st.integers(1, 12)), draw(st.integers(1, 4))
    cells = st.lists(st.booleans(), min_size=rows * labels, max_size=rows * labels)
    return tuple(np.array(draw(cells)).reshape(rows, labels).astype(int) for _ in range(2))


@settings(max_examples=30)
@given(_switches())
def test_the_values_are_those_of_a_loop(pair: tuple[NDArray, NDArray]) -> None:
    found = bootstrap_rates(*pair, n_iterations=3)
    wanted = _loop_rates(*pair)
    for number, rate in enumerate(RATES):
        assert [label[rate].value for label in found.labels] == pytest.approx(wanted[number])
        assert found.macro[rate].value == pytest.approx(wanted[number].mean())
    assert found.rows == len(pair[0])


def test_the_bars_are_those_of_the_metrics() -> None:
    """Of labels that every sample has and lacks, both draw the same samples."""
    generator = np.random.default_rng(1)
    targets = (generator.random((200, 3)) < 0.5).astype(int)
    answers = np.where(generator.random((200, 3)) < 0.2, 1 - targets, targets)
    found = bootstrap_rates(targets, answers, n_iterations=40, percentile=10, seed=7)
    labels = ["rude", "kind", "loud"]
    predictions = MultiLabelPredictions(
        np.arange(200), targets, answers.astype(float), np.full(3, 0.5), labels
    )
    bootstrap = Bootstrap(40, percentile=10, seed=7)
    scores = score_predictions(predictions, dict.fromkeys(RATES, True), bootstrap=bootstrap)
    for rate in RATES:
        ends = {"lower": found.macro[rate].lower, "upper": found.macro[rate].upper}
        assert scores[rate] == pytest.approx(found.macro[rate].value)
        assert scores["intervals"][rate] == pytest.approx(ends)
        for label, intervals in zip(labels, found.labels, strict=True):
            assert scores["labels"][rate][label] == pytest.approx(intervals[rate].to_dict())


@settings(max_examples=30)
@given(_switches(), st.integers(0, 5))
def test_a_rate_that_no_sample_has_is_0_from_end_to_end(
    pair: tuple[NDArray, NDArray], seed: int
) -> None:
    """A mean of zeros and ones lies between its bars or in them; nothing is NaN."""
    found = bootstrap_rates(*pair, n_iterations=5, seed=seed)
    lacking = ~pair[0].any(axis=0)
    for label, intervals in enumerate(found.labels):
        assert set(intervals) == set(RATES)
        if lacking[label]:
            assert intervals["tpr"] == intervals["fnr"] == Interval(0.0, 0.0, 0.0)
    for interval in found.macro.values():
        assert 0 <= interval.lower <= interval.upper <= 1


def test_the_bars_are_as_wide_as_by_drawing_single_rows() -> None:
    generator = np.random.default_rng(0)
    targets = (generator.random((300, 2)) < 0.4).astype(int)
    answers = np.where(generator.random((300, 2)) < 0.2, 1 - targets, targets)
    found = bootstrap_rates(targets, answers, n_iterations=2000, percentile=2.5)
    drawn = []
    for _ in range(300):
        rows = generator.choice(300, 300)
        drawn.append(_loop_rates(targets[rows], answers[rows]).mean(axis=1))
    lower, upper = np.percentile(drawn, [2.5, 97.5], axis=0)
    for number, rate in enumerate(RATES):
        assert found.macro[rate].lower == pytest.approx(lower[number], abs=0.012)
        assert found.macro[rate].upper == pytest.approx(upper[number], abs=0.012)


def test_both_rates_of_a_binary_label_are_told_apart() -> None:
    targets = np.array([1] * 20 + [0] * 20)[:, None]
    answers = np.array([1] * 19 + [0] + [1] * 10 + [0] * 10)[:, None]
    found = bootstrap_rates(targets, answers).macro_dict()
    assert found["tpr_avg"] == pytest.approx(0.95)
    assert found["tnr_avg"] == pytest.approx(0.5)
    assert found["tpr_error_bars_lower"] < 0.95 < found["tpr_error_bars_upper"] <= 1
    assert len(found) == 12


def test_bars_named_from_above_are_the_same() -> None:
    targets, answers = np.eye(4, dtype=int), np.ones((4, 4), dtype=int)
    low = bootstrap_rates(targets, answers, percentile=5)
    assert low == bootstrap_rates(targets, answers, percentile=95)


def test_labels_are_named() -> None:
    found = bootstrap_rates([[1, 0]], [[1, 1]]).to_dict(["rude", "kind"])
    assert found["rude"]["tpr"] == 1.0
    assert found["kind"]["fpr"] == 1.0


def test_no_rows_have_no_rates() -> None:
    with pytest.raises(DataError, match="must have at least one row, but have none"):
        bootstrap_rates(np.empty((0, 2)), np.empty((0, 2)))


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        bootstrap_rates([[1]], [[1]], n_iterations=0, percentile=100)
    assert [problem.where for problem in caught.value.problems] == ["n_iterations", "percentile"]
    with pytest.raises(DataError, match="one shape"):
        bootstrap_rates([[1]], [[1, 0]])
