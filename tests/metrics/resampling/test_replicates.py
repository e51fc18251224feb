"""Bootstrap samples of metrics: the numbers of a plain loop, whatever the way they are computed."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import ks_2samp
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.metrics import read_metrics
from dsf.metrics.answers import answers_of
from dsf.metrics.resampling import ByCluster, ByRow, ByStratum, Resampling, bootstrap_statistics
from dsf.metrics.statistics.kernels import load_numba

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsf.metrics.statistics import Draws, Statistic

ROWS, LABELS, SAMPLES = 700, 3, 400  # enough that compiled loops are taken where there are any
NAMES = ("f1_micro", "f1_macro", "roc_auc", "average_precision")


class Remembering(Resampling):
    """Draws as another resampling does, never kinds, and keeps what was drawn."""

    def __init__(self, inner: Resampling) -> None:
        self.rows = inner.rows
        self.inner = inner
        self.weights: list[np.ndarray] = []

    def draw(self, generator: np.random.Generator, times: int) -> Draws:
        draws = self.inner.draw(generator, times)
        self.weights.extend(draws.weights)
        return draws


def make_answers(rows: int = ROWS, seed: int = 0) -> MultiLabelPredictions:
    random = np.random.default_rng(seed)
    truth = (random.random((rows, LABELS)) < [0.1, 0.3, 0.6]).astype(np.int8)
    scores = np.clip(0.3 * truth + 0.7 * random.random(truth.shape), 0, 1).round(2)  # with ties
    return MultiLabelPredictions(
        np.arange(rows), truth, scores, np.full(LABELS, 0.5), [f"l{n}" for n in range(LABELS)]
    )


def statistics_of(
    predictions: MultiLabelPredictions, *names: str, **more: str
) -> dict[str, Statistic]:
    answers = answers_of(predictions)
    return {one.name: one.make(answers) for one in read_metrics(dict.fromkeys(names, True) | more)}


@pytest.fixture(params=["as installed", "numpy alone"])
def packages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param == "numpy alone":
        monkeypatch.setitem(sys.modules, "numba", None)
    load_numba.cache_clear()
    yield request.param
    monkeypatch.undo()
    load_numba.cache_clear()


@pytest.mark.usefixtures("packages")
@pytest.mark.parametrize("way", ["rows", "stratified", "clusters"])
def test_the_numbers_are_those_of_a_plain_loop(way: str) -> None:
    predictions = make_answers()
    groups = np.arange(ROWS) // 7
    inner = {"rows": ByRow(ROWS), "stratified": ByStratum(groups), "clusters": ByCluster(groups)}
    resampling = Remembering(inner[way])
    found = bootstrap_statistics(statistics_of(predictions, *NAMES), resampling, SAMPLES, seed=2)
    truth, scores, answers = predictions.targets, predictions.probabilities, predictions.predictions
    assert len(resampling.weights) == SAMPLES
    for sample in range(0, SAMPLES, 57):
        rows = np.repeat(np.arange(ROWS), resampling.weights[sample])
        expected = [
            f1_score(truth[rows], answers[rows], average="micro"),
            f1_score(truth[rows], answers[rows], average="macro"),
            roc_auc_score(truth[rows], scores[rows]),
            average_precision_score(truth[rows], scores[rows]),
        ]
        assert [found[name][sample, 0] for name in NAMES] == pytest.approx(expected, abs=1e-12)


def test_all_see_the_same_samples() -> None:
    """So a difference of two metrics, or models, is one of the same rows."""
    made = statistics_of(make_answers(), "accuracy", "hamming_loss", "brier_score")
    again = statistics_of(make_answers(), "accuracy", "brier_score")
    found = bootstrap_statistics(
        {**made, **{f"{n} again": s for n, s in again.items()}}, ByRow(700)
    )
    assert np.array_equal(found["accuracy"], found["accuracy again"])
    assert np.array_equal(found["brier_score"], found["brier_score again"])
    assert list(found) == [*made, "accuracy again", "brier_score again"]


@pytest.mark.usefixtures("packages")
def test_threads_do_not_change_the_numbers() -> None:
    made = statistics_of(make_answers(9_000), *NAMES)

    def sample() -> dict[str, np.ndarray]:
        return bootstrap_statistics(made, Remembering(ByRow(9_000)), 250)

    everywhere = sample()
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        alone = sample()
    finally:
        os.sched_setaffinity(0, allowed)
    for name in NAMES:
        assert np.array_equal(everywhere[name], alone[name])


def test_the_seed_is_all_that_chance_depends_on() -> None:
    made = statistics_of(make_answers(), *NAMES)
    first, again, other = (
        bootstrap_statistics(made, ByRow(ROWS), 50, seed=seed) for seed in (1, 1, 2)
    )
    for name in NAMES:
        assert np.array_equal(first[name], again[name])
        assert not np.array_equal(first[name], other[name])


@pytest.mark.parametrize("strata", [None, [0, 1] * (ROWS // 2)])
def test_kinds_have_the_distribution_of_rows(strata: list[int] | None) -> None:
    made = statistics_of(make_answers(), "f1_micro", "f1_macro", "accuracy")
    inner = ByRow(ROWS) if strata is None else ByStratum(strata)
    fast = bootstrap_statistics(made, inner, 3000, seed=1)
    plain = bootstrap_statistics(made, Remembering(inner), 3000, seed=2)
    for name in made:
        one, other = fast[name][:, 0], plain[name][:, 0]
        assert one.mean() == pytest.approx(other.mean(), abs=5 * other.std() / np.sqrt(3000))
        assert one.std() == pytest.approx(other.std(), rel=0.1)
        assert ks_2samp(one, other).pvalue > 0.01


def test_a_sample_without_a_label_has_no_number_of_it() -> None:
    """Of one row with the label among forty, a third of the samples have none."""
    truth = np.zeros((40, 1), dtype=np.int8)
    truth[7] = 1
    scores = np.linspace(0, 1, 40)[:, None]
    predictions = MultiLabelPredictions(np.arange(40), truth, scores, np.array([0.5]), ["rare"])
    made = statistics_of(predictions, "average_precision", "roc_auc")
    found = bootstrap_statistics(made, ByRow(40), 2000)
    missing = np.isnan(found["average_precision"])
    assert missing.mean() == pytest.approx((39 / 40) ** 40, abs=0.04)
    assert np.array_equal(missing, np.isnan(found["roc_auc"]))
