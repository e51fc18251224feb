"""Two models on the same rows, compared and judged."""

from __future__ import annotations

from dsf.metrics.comparing.comparison import COVERS, compare_predictions
from dsf.metrics.comparing.joining import JoinedPredictions, join_predictions
from dsf.metrics.comparing.rules import ComparisonRules
from dsf.metrics.comparing.verdict import VERDICTS, fewest_units

__all__ = [
    "COVERS",
    "VERDICTS",
    "ComparisonRules",
    "JoinedPredictions",
    "compare_predictions",
    "fewest_units",
    "join_predictions",
]
