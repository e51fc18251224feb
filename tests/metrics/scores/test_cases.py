"""Every metric: the case on each."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest

from dsf.metrics import METRICS
from dsf.metrics.statistics import Draws, Summed
from dsf.testing import MetricCase


class TestAccuracy(MetricCase):
    metric = "accuracy"


class TestAveragePrecision(MetricCase):
    metric = "average_precision"


class TestBrierScore(MetricCase):
    metric = "brier_score"
    bounds = (0.0, 2.0)


class TestCohenKappa(MetricCase):
    metric = "cohen_kappa"
    bounds = (-1.0, 1.0)


class TestExactMatch(MetricCase):
    metric = "exact_match"


class TestExpectedCalibrationError(MetricCase):
    metric = "expected_calibration_error"
    options: ClassVar = {"bins": 5}


class TestF1(MetricCase):
    metric = "f1"


class TestF1Macro(MetricCase):
    metric = "f1_macro"


class TestF1Micro(MetricCase):
    metric = "f1_micro"


class TestF1Weighted(MetricCase):
    metric = "f1_weighted"


class TestFnr(MetricCase):
    metric = "fnr"


class TestFpr(MetricCase):
    metric = "fpr"


class TestHammingLoss(MetricCase):
    metric = "hamming_loss"


class TestLogLoss(MetricCase):
    metric = "log_loss"
    bounds = (0.0, 36.1)


class TestMcc(MetricCase):
    metric = "mcc"
    bounds = (-1.0, 1.0)


class TestPartialF1(MetricCase):
    metric = "partial_f1"


class TestPrecision(MetricCase):
    metric = "precision"


class TestPrecisionMacro(MetricCase):
    metric = "precision_macro"


class TestPrecisionMicro(MetricCase):
    metric = "precision_micro"


class TestPrecisionWeighted(MetricCase):
    metric = "precision_weighted"


class TestRecall(MetricCase):
    metric = "recall"


class TestRecallMacro(MetricCase):
    metric = "recall_macro"


class TestRecallMicro(MetricCase):
    metric = "recall_micro"


class TestRecallWeighted(MetricCase):
    metric = "recall_weighted"


class TestRocAuc(MetricCase):
    metric = "roc_auc"


class TestTnr(MetricCase):
    metric = "tnr"


class TestTopKAccuracy(MetricCase):
    metric = "top_k_accuracy"
    labels = (3, 4)  # of two, the most probable two are all
    options: ClassVar = {"k": 2}


class TestTpr(MetricCase):
    metric = "tpr"


def distance(y_true: Any, y_score: Any, power: float = 1.0) -> float:
    """A metric of one's own: how far the probability of the second label is from the truth."""
    return float(np.mean(np.abs(y_score - (y_true == "label 1")) ** power))


class TestDistance(MetricCase):
    metric = distance
    labels = (2,)
    options: ClassVar = {"power": 2.0}
    less_is_better = True


class TestBalancedAccuracy(MetricCase):
    metric = "sklearn.metrics:balanced_accuracy_score"
    pytestmark = pytest.mark.filterwarnings("ignore")


class TestEntityAccuracy(MetricCase):
    kinds = ("tags", "entities")

    @staticmethod
    def metric(targets: Any, predictions: Any) -> float:
        return float(np.mean([t == p for t, p in zip(targets, predictions, strict=True)]))


def test_every_metric_has_its_case() -> None:
    cases = [case for case in MetricCase.__subclasses__() if case.__name__.startswith("Test")]
    assert set(METRICS) <= {case.metric for case in cases if isinstance(case.metric, str)}


def right(targets: Any, predictions: Any) -> Any:
    return np.mean(targets == predictions)


def answers_first_row(targets: Any, predictions: Any) -> float:
    return float(targets[0] == predictions[0])


def counts_rows(targets: Any, predictions: Any) -> float:
    return float(np.sum(targets == predictions))


def counts_distinct(targets: Any, predictions: Any) -> float:
    return len(set(targets)) / 10


def never(targets: Any) -> float:
    return float("nan")


FAULTY = [
    (counts_rows, False, "within_its_bounds", r"2 labels, noisy: 19.0 is not within \(0.0, 1.0\)"),
    (never, False, "within_its_bounds", "it never is a number"),
    (answers_first_row, False, "order_of_rows", "30 rows, single, . labels, "),
    (right, True, "are_the_best", "right answers are worse than these"),
    (counts_distinct, False, "are_the_best", "wrong answers are as good as right ones"),
    (never, False, "are_the_best", "right and wrong answers never have a number"),
]


@pytest.mark.parametrize(("function", "less", "test", "message"), FAULTY)
def test_a_faulty_metric_does_not_pass(function: Any, less: bool, test: str, message: str) -> None:
    class Case(MetricCase):
        metric = function
        less_is_better = less

    (name,) = [one for one in dir(Case) if one.startswith("test_") and test in one]
    with pytest.raises(AssertionError, match=message):
        getattr(Case(), name)()


@pytest.mark.parametrize("kind", ["single", "multilabel"])
def test_a_statistic_that_knows_no_weights_is_found(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Case(MetricCase):
        metric = "f1"
        kinds = (kind,)

    Case().test_a_row_that_counts_twice_is_two_rows()
    values = Summed.values

    def without(self: Summed, draws: Draws) -> Any:
        return values(self, Draws.everything(self.rows))

    monkeypatch.setattr(Summed, "values", without)
    with pytest.raises(AssertionError, match=kind):
        Case().test_a_row_that_counts_twice_is_two_rows()
