"""Curves of what models answered: pure functions of arrays, and the arrays of predictions."""

from __future__ import annotations

from dsf.report.curves.pairs import Paired, pair_predictions
from dsf.report.curves.ranking_curves import (
    Curve,
    Ranking,
    precision_recall_curve,
    rank_answers,
    roc_curve,
)
from dsf.report.curves.reliability import Bins, reliability_bins
from dsf.report.curves.risk_coverage import risk_coverage_curve
from dsf.report.curves.scored import Scored, score_answers
from dsf.report.curves.thinning import thin_curve

__all__ = [
    "Bins",
    "Curve",
    "Paired",
    "Ranking",
    "Scored",
    "pair_predictions",
    "precision_recall_curve",
    "rank_answers",
    "reliability_bins",
    "risk_coverage_curve",
    "roc_curve",
    "score_answers",
    "thin_curve",
]
