"""From which probability on a label is answered: chosen on validation rows, label by label."""

from __future__ import annotations

from dsf.metrics.thresholds.candidates import exact_candidates, threshold_grid
from dsf.metrics.thresholds.choosing import (
    WITHOUT_ROWS,
    ThresholdSearch,
    apply_thresholds,
    best_thresholds,
    check_threshold_options,
)
from dsf.metrics.thresholds.judging import ThresholdMetric
from dsf.metrics.thresholds.label_metrics import THRESHOLD_METRICS, label_metric
from dsf.metrics.thresholds.options import metric_text, threshold_options
from dsf.metrics.thresholds.thresholds import Thresholds

__all__ = [
    "THRESHOLD_METRICS",
    "WITHOUT_ROWS",
    "ThresholdMetric",
    "ThresholdSearch",
    "Thresholds",
    "apply_thresholds",
    "best_thresholds",
    "check_threshold_options",
    "exact_candidates",
    "label_metric",
    "metric_text",
    "threshold_grid",
    "threshold_options",
]
