"""What is computed of answers, and how far the numbers could lie from what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, WithJsonSchema

from dsf.core.config.sections import Section
from dsf.core.config.value_types import Seed
from dsf.core.errors import Problem
from dsf.core.references import check_spelling, is_reference
from dsf.core.suggestions import did_you_mean

__all__ = ["METRIC_NAMES", "BootstrapConfig", "MetricsConfig"]

CONFUSION_MATRIX = "confusion_matrix"

Wanted = Annotated[Any, WithJsonSchema({"type": ["boolean", "object", "null"]})]

_OWN: Any = {
    "type": ["object", "string"],
    "description": "A metric of your own, or one with options.",
}


class MetricsConfig(Section):
    """Which metrics are computed, kept and compared.

    Each is ``true``, ``false``, or a mapping of its options. Under a name of your own stands a
    reference to a function of targets and predictions, ``{function: reference, less_is_better:
    true}``, or a known metric with other options: ``{metric: f1, average: micro}``.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow", json_schema_extra={"additionalProperties": _OWN}
    )
    only_given: ClassVar[bool] = True

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
    average_precision: Wanted = None
    """Area under the curve of precision over recall; options: average."""
    brier_score: Wanted = None
    """Mean squared distance of the probabilities from what is true."""
    cohen_kappa: Wanted = None
    """Agreement of truth and answers beyond chance."""
    exact_match: Wanted = None
    """Share of the rows that are right as a whole: all labels, tokens or outputs."""
    expected_calibration_error: Wanted = None
    """Mean distance between how sure the model is and how often it is right; options: bins."""
    f1_macro: Wanted = None
    """F1, every label counting the same."""
    f1_micro: Wanted = None
    """F1 of the counts of all labels together."""
    f1_weighted: Wanted = None
    """F1, each label counting as often as it is true."""
    fnr: Wanted = None
    """Of the rows that have a label, the share that is not answered with it."""
    fpr: Wanted = None
    """Of the rows that do not have a label, the share that is answered with it."""
    hamming_loss: Wanted = None
    """Share of wrong decisions about single labels, where a row may have several."""
    log_loss: Wanted = None
    """Mean negative logarithm of the probability of the truth."""
    mcc: Wanted = None
    """Matthews' correlation coefficient of truth and answers."""
    partial_f1: Wanted = None
    """F1 of entities in which the right label with an overlap counts half."""
    precision_macro: Wanted = None
    """Precision, every label counting the same."""
    precision_micro: Wanted = None
    """Precision of the counts of all labels together."""
    precision_weighted: Wanted = None
    """Precision, each label counting as often as it is true."""
    recall_macro: Wanted = None
    """Recall, every label counting the same."""
    recall_micro: Wanted = None
    """Recall of the counts of all labels together."""
    recall_weighted: Wanted = None
    """Recall, each label counting as often as it is true."""
    roc_auc: Wanted = None
    """Chance that a row with a label is ranked above one without it; options: average."""
    tnr: Wanted = None
    """Of the rows that do not have a label, the share that is not answered with it."""
    top_k_accuracy: Wanted = None
    """Share of the rows whose true label is among the k most probable; options: k."""
    tpr: Wanted = None
    """Of the rows that have a label, the share that is answered with it."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check names, and the spelling of references."""
        return [
            problem
            for name, value in values.items()
            if name != CONFUSION_MATRIX
            for problem in _check(str(name), value)
        ]


METRIC_NAMES = tuple(sorted(set(MetricsConfig.model_fields) - {CONFUSION_MATRIX}))
"""Those of ``dsf.metrics.METRICS``, which nothing here may import."""


class BootstrapConfig(Section):
    """How intervals are drawn: the rows again and again, with replacement."""

    n_iterations: int = Field(default=1000, ge=1)
    """How many samples of the rows are drawn; also how often answers are exchanged in a test."""
    percentile: float = Field(default=2.5, gt=0, lt=100)
    """Lower end of an interval among the samples; the upper one is as far from 100."""
    resample: Literal["rows", "stratified", "clusters"] = "rows"
    """What is drawn: rows, rows within each group, or whole groups."""
    group_column: str | None = None
    """Column of the test rows with those groups; null: the label (stratified), or
    dataset_config.group_column (clusters)."""
    seed: Seed = 42
    """Starts the random numbers of the samples."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check that an interval has two ends."""
        if values.get("percentile") == 50:
            yield Problem("percentile", "must not be 50: both ends of an interval would be one")


def _check(name: str, value: Any) -> list[Problem]:
    if value is None or isinstance(value, bool):
        return _check_name(name, name)
    if _is_live(value):
        return []
    if isinstance(value, Mapping) and "function" in value:
        return _check_own(name, value)
    if is_reference(value) or (isinstance(value, str) and set(value) & set(".:")):
        return check_spelling(value, name)
    if isinstance(value, Mapping):
        return _check_name(name, str(value.get("metric", name)))
    message = f"must be true, false, options or a reference 'pkg.module:name', not {value!r}"
    return [Problem(name, message)]


def _check_own(name: str, value: Mapping[str, Any]) -> list[Problem]:
    """Check ``{function, less_is_better}``."""
    function = value["function"]
    problems = [] if _is_live(function) else check_spelling(function, f"{name}.function")
    less = value.get("less_is_better", False)
    if not isinstance(less, bool):
        problems.append(Problem(f"{name}.less_is_better", f"must be true or false, not {less!r}"))
    known = ("function", "less_is_better")
    problems += [
        Problem(f"{name}.{key}", f"is not a known key.{did_you_mean(str(key), known)}")
        for key in value
        if key not in known
    ]
    return problems


def _check_name(where: str, name: str) -> list[Problem]:
    if name in METRIC_NAMES:
        return []
    known = ", ".join(sorted([*METRIC_NAMES, CONFUSION_MATRIX]))
    hint = did_you_mean(name, METRIC_NAMES) or f" Known are: {known}."
    key = where if name == where else f"{where}.metric"
    message = f"is not a known {'key' if name == where else 'metric'}.{hint}"
    return [Problem(key, message)]


def _is_live(value: Any) -> bool:
    return isinstance(value, Callable) and not isinstance(value, str | Mapping)  # type: ignore[arg-type]
