"""The metrics, a file each: answers in, a statistic out."""

from __future__ import annotations

from dsf.metrics.scores.accuracy import accuracy
from dsf.metrics.scores.brier_score import brier_score
from dsf.metrics.scores.cohen_kappa import cohen_kappa
from dsf.metrics.scores.exact_match import exact_match
from dsf.metrics.scores.expected_calibration_error import expected_calibration_error
from dsf.metrics.scores.f1 import f1
from dsf.metrics.scores.hamming_loss import hamming_loss
from dsf.metrics.scores.log_loss import log_loss
from dsf.metrics.scores.mcc import mcc
from dsf.metrics.scores.own import make_own
from dsf.metrics.scores.partial_f1 import partial_f1
from dsf.metrics.scores.precision import precision
from dsf.metrics.scores.ranking_scores import average_precision, roc_auc
from dsf.metrics.scores.rates import fnr, fpr, tnr, tpr
from dsf.metrics.scores.recall import recall
from dsf.metrics.scores.top_k_accuracy import top_k_accuracy

__all__ = [
    "accuracy",
    "average_precision",
    "brier_score",
    "cohen_kappa",
    "exact_match",
    "expected_calibration_error",
    "f1",
    "fnr",
    "fpr",
    "hamming_loss",
    "log_loss",
    "make_own",
    "mcc",
    "partial_f1",
    "precision",
    "recall",
    "roc_auc",
    "tnr",
    "top_k_accuracy",
    "tpr",
]
