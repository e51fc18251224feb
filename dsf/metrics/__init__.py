"""Predictions and targets in, named numbers out."""

from __future__ import annotations

from dsf.metrics.comparing import ComparisonRules, compare_predictions, join_predictions
from dsf.metrics.comparison import compare_results
from dsf.metrics.confusion import confusion_matrix
from dsf.metrics.label_counts import LabelCounts
from dsf.metrics.label_scores import accuracy, f1, precision, recall
from dsf.metrics.multilabel import count_labels_of_rows, samples_f1, subset_accuracy
from dsf.metrics.rates import RATES, RateIntervals, bootstrap_rates
from dsf.metrics.resampling import Bootstrap, Interval
from dsf.metrics.results import Counted, count_predictions, score_predictions
from dsf.metrics.spans import Span, count_spans
from dsf.metrics.table import METRICS, Metric
from dsf.metrics.thresholds import apply_thresholds, best_thresholds, threshold_grid
from dsf.metrics.wanted import WantedMetric, check_metrics, read_metrics

__all__ = [
    "METRICS",
    "RATES",
    "Bootstrap",
    "ComparisonRules",
    "Counted",
    "Interval",
    "LabelCounts",
    "Metric",
    "RateIntervals",
    "Span",
    "WantedMetric",
    "accuracy",
    "apply_thresholds",
    "best_thresholds",
    "bootstrap_rates",
    "check_metrics",
    "compare_predictions",
    "compare_results",
    "confusion_matrix",
    "count_labels_of_rows",
    "count_predictions",
    "count_spans",
    "f1",
    "join_predictions",
    "precision",
    "read_metrics",
    "recall",
    "samples_f1",
    "score_predictions",
    "subset_accuracy",
    "threshold_grid",
]
