"""Predictions and targets in, named numbers out."""

from __future__ import annotations

from dsf.metrics.bootstrap import RATES, Interval, RateIntervals, bootstrap_rates
from dsf.metrics.comparison import compare_results
from dsf.metrics.confusion import confusion_matrix
from dsf.metrics.label_counts import LabelCounts
from dsf.metrics.label_scores import accuracy, f1, precision, recall
from dsf.metrics.multilabel import count_labels_of_rows, samples_f1, subset_accuracy
from dsf.metrics.results import Counted, count_predictions, score_predictions
from dsf.metrics.spans import Span, count_spans
from dsf.metrics.thresholds import apply_thresholds, best_thresholds, threshold_grid

__all__ = [
    "RATES",
    "Counted",
    "Interval",
    "LabelCounts",
    "RateIntervals",
    "Span",
    "accuracy",
    "apply_thresholds",
    "best_thresholds",
    "bootstrap_rates",
    "compare_results",
    "confusion_matrix",
    "count_labels_of_rows",
    "count_predictions",
    "count_spans",
    "f1",
    "precision",
    "recall",
    "samples_f1",
    "score_predictions",
    "subset_accuracy",
    "threshold_grid",
]
