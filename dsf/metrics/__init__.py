"""Predictions and targets in, named numbers out."""

from __future__ import annotations

from dsf.metrics.comparison import compare_results
from dsf.metrics.confusion import confusion_matrix
from dsf.metrics.label_scores import accuracy, f1, precision, recall
from dsf.metrics.results import score_predictions

__all__ = [
    "accuracy",
    "compare_results",
    "confusion_matrix",
    "f1",
    "precision",
    "recall",
    "score_predictions",
]
