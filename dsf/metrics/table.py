"""The metrics that a config can name."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["METRICS", "Metric"]


class Metric(NamedTuple):
    """What is known of a metric before it is computed.

    Attributes:
        function: Reference to what makes it a statistic of answers.
        kinds: Kinds of answers that have it: those of :mod:`dsf.metrics.answers`. Several outputs
            a row have what one output has: the mean, and each; ``multi_output`` is here where
            there is a number of its own for all of them.
        from_probabilities: Whether it needs them.
        less_is_better: Whether it is a loss.
    """

    function: str
    kinds: tuple[str, ...]
    from_probabilities: bool = False
    less_is_better: bool = False


_ONE_OR_MORE = ("single", "multilabel")
_COUNTED = ("single", "multilabel", "tags", "entities")
_ROWS_OR_TOKENS = ("single", "multilabel", "tags")
_SCORES = "dsf.metrics.scores"

METRICS: dict[str, Metric] = {
    "accuracy": Metric(f"{_SCORES}.accuracy:accuracy", (*_COUNTED, "multi_output")),
    "average_precision": Metric(
        f"{_SCORES}.ranking_scores:average_precision", _ONE_OR_MORE, from_probabilities=True
    ),
    "brier_score": Metric(
        f"{_SCORES}.brier_score:brier_score", _ONE_OR_MORE, True, less_is_better=True
    ),
    "cohen_kappa": Metric(f"{_SCORES}.cohen_kappa:cohen_kappa", _ROWS_OR_TOKENS),
    "exact_match": Metric(f"{_SCORES}.exact_match:exact_match", (*_COUNTED, "multi_output")),
    "expected_calibration_error": Metric(
        f"{_SCORES}.expected_calibration_error:expected_calibration_error",
        _ONE_OR_MORE,
        True,
        less_is_better=True,
    ),
    "f1": Metric(f"{_SCORES}.f1:f1", _COUNTED),
    "f1_macro": Metric(f"{_SCORES}.f1:f1_macro", _COUNTED),
    "f1_micro": Metric(f"{_SCORES}.f1:f1_micro", _COUNTED),
    "f1_weighted": Metric(f"{_SCORES}.f1:f1_weighted", _COUNTED),
    "fnr": Metric(f"{_SCORES}.rates:fnr", _ROWS_OR_TOKENS, less_is_better=True),
    "fpr": Metric(f"{_SCORES}.rates:fpr", _ROWS_OR_TOKENS, less_is_better=True),
    "hamming_loss": Metric(
        f"{_SCORES}.hamming_loss:hamming_loss", ("multilabel",), less_is_better=True
    ),
    "log_loss": Metric(f"{_SCORES}.log_loss:log_loss", _ONE_OR_MORE, True, less_is_better=True),
    "mcc": Metric(f"{_SCORES}.mcc:mcc", _ROWS_OR_TOKENS),
    "partial_f1": Metric(f"{_SCORES}.partial_f1:partial_f1", ("entities",)),
    "precision": Metric(f"{_SCORES}.precision:precision", _COUNTED),
    "precision_macro": Metric(f"{_SCORES}.precision:precision_macro", _COUNTED),
    "precision_micro": Metric(f"{_SCORES}.precision:precision_micro", _COUNTED),
    "precision_weighted": Metric(f"{_SCORES}.precision:precision_weighted", _COUNTED),
    "recall": Metric(f"{_SCORES}.recall:recall", _COUNTED),
    "recall_macro": Metric(f"{_SCORES}.recall:recall_macro", _COUNTED),
    "recall_micro": Metric(f"{_SCORES}.recall:recall_micro", _COUNTED),
    "recall_weighted": Metric(f"{_SCORES}.recall:recall_weighted", _COUNTED),
    "roc_auc": Metric(f"{_SCORES}.ranking_scores:roc_auc", _ONE_OR_MORE, from_probabilities=True),
    "tnr": Metric(f"{_SCORES}.rates:tnr", _ROWS_OR_TOKENS),
    "top_k_accuracy": Metric(f"{_SCORES}.top_k_accuracy:top_k_accuracy", ("single",), True),
    "tpr": Metric(f"{_SCORES}.rates:tpr", _ROWS_OR_TOKENS),
}
"""Name in the config and what it stands for. Add a metric with one line here."""
