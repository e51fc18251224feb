"""What is computed of answers, and how far the numbers could lie from what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from dsf.core.config.sections import Section
from dsf.core.config.value_types import Seed
from dsf.core.errors import Problem
from dsf.core.references import check_spelling, is_reference
from dsf.core.suggestions import did_you_mean

__all__ = ["METRIC_NAMES", "BootstrapConfig", "MetricsConfig"]

METRIC_NAMES = (
    *("accuracy", "average_precision", "brier_score", "cohen_kappa", "exact_match"),
    *("expected_calibration_error", "f1", "f1_macro", "f1_micro", "f1_weighted", "fnr", "fpr"),
    *("hamming_loss", "log_loss", "mcc", "partial_f1", "precision", "precision_macro"),
    *("precision_micro", "precision_weighted", "recall", "recall_macro", "recall_micro"),
    *("recall_weighted", "roc_auc", "tnr", "top_k_accuracy", "tpr"),
)
"""Those of ``dsf.metrics.METRICS``, written down because nothing here may import what is above."""

_CONFUSION_MATRIX = "confusion_matrix"

Wanted = Annotated[Any, WithJsonSchema({"type": ["boolean", "object", "string"]})]


class MetricsConfig(Section, extra="allow"):
    """Which metrics are computed, kept and compared.

    Any name of ``dsf.metrics.METRICS`` may stand here: ``true``, ``false``, or a mapping of its
    options. A name of your own has a reference to a function of targets and predictions.
    """

    accuracy: Wanted = True
    """Share of the rows whose prediction is right."""
    precision: Wanted = True
    """Share of the predictions of a label that are right."""
    recall: Wanted = True
    """Share of the rows of a label that are found."""
    f1: Wanted = True
    """Harmonic mean of precision and recall."""
    confusion_matrix: bool = True
    """How often each label was predicted as each."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check names, and the spelling of references."""
        return [
            problem
            for name, value in values.items()
            if name != _CONFUSION_MATRIX
            for problem in _check(str(name), value)
        ]


class BootstrapConfig(Section):
    """How intervals are drawn: the rows again and again, with replacement."""

    n_iterations: int = Field(default=1000, ge=1)
    """How many samples of the rows are drawn."""
    percentile: float = Field(default=2.5, gt=0, lt=100)
    """Lower end of an interval among the samples; the upper one is as far from 100."""
    resample: Literal["rows", "stratified", "clusters"] = "rows"
    """What is drawn: rows, rows within each group, or whole groups."""
    group_column: str | None = None
    """Column of the test rows with those groups; null: the label (stratified), or
    dataset_config.group_column (clusters)."""
    seed: Seed = 42
    """Starts the random numbers of the samples."""


def _check(name: str, value: Any) -> list[Problem]:
    if isinstance(value, str) or is_reference(value):
        plain = value
        if isinstance(value, Mapping):
            plain = {key: one for key, one in value.items() if key != "less_is_better"}
        return check_spelling(plain, name)
    if callable(value):
        return []
    if value is not None and not isinstance(value, bool | Mapping):
        message = (
            f"must be true, false, options or a reference such as 'pkg.module:name': {value!r}"
        )
        return [Problem(name, message)]
    known = value.get("metric", name) if isinstance(value, Mapping) else name
    if known in METRIC_NAMES:
        return []
    names = ", ".join(sorted([*METRIC_NAMES, _CONFUSION_MATRIX]))
    message = f"is not a metric.{did_you_mean(str(known), METRIC_NAMES)} Known are: {names}."
    return [Problem(name, message)]
