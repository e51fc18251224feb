"""From which probability on a label is answered: chosen on validation rows, label by label."""

from __future__ import annotations

from dsf.metrics.thresholds.candidates import exact_candidates, threshold_grid
from dsf.metrics.thresholds.choosing import (
    WITHOUT_ROWS,
    ThresholdSearch,
    apply_thresholds,
    best_thresholds,
    threshold_options,
)
from dsf.metrics.thresholds.label_metrics import THRESHOLD_METRICS, label_metric
from dsf.metrics.thresholds.thresholds import Thresholds

__all__ = [
    "THRESHOLD_METRICS",
    "WITHOUT_ROWS",
    "ThresholdSearch",
    "Thresholds",
    "apply_thresholds",
    "best_thresholds",
    "exact_candidates",
    "label_metric",
    "threshold_grid",
    "threshold_options",
]
