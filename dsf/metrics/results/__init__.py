"""The results of one model on one set of rows, whatever kind of answers it gave."""

from __future__ import annotations

from dsf.metrics.results.counted import Counted
from dsf.metrics.results.kinds import count_predictions
from dsf.metrics.results.scores import score_predictions

__all__ = ["Counted", "count_predictions", "score_predictions"]
