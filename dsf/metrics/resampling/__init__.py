"""Rows drawn again and answers exchanged, to tell chance from what is there."""

from __future__ import annotations

from dsf.metrics.resampling.holm import holm
from dsf.metrics.resampling.intervals import Interval, percentile_intervals
from dsf.metrics.resampling.mcnemar import mcnemar_p_value
from dsf.metrics.resampling.permutation import permutation_p_values
from dsf.metrics.resampling.replicates import bootstrap_statistics
from dsf.metrics.resampling.resampling import ByCluster, ByKind, ByRow, ByStratum, Resampling
from dsf.metrics.resampling.settings import Bootstrap

__all__ = [
    "Bootstrap",
    "ByCluster",
    "ByKind",
    "ByRow",
    "ByStratum",
    "Interval",
    "Resampling",
    "bootstrap_statistics",
    "holm",
    "mcnemar_p_value",
    "percentile_intervals",
    "permutation_p_values",
]
