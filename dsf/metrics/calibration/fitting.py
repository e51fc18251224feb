"""How sure a model should be, learned from its answers on validation rows."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics.answers.single import SingleAnswers
from dsf.metrics.calibration.calibration import Calibration, CalibrationPart
from dsf.metrics.calibration.curve import IsotonicCurve
from dsf.metrics.calibration.temperature import Temperature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.core.predictions import Predictions

__all__ = ["CALIBRATION_METHODS", "fit_calibration"]

CALIBRATION_METHODS = ("isotonic", "temperature")

_NO_END = "surer is better without end: the validation rows are answered right"
_ONE_SIDED = "the validation rows all have it, or none has"


def fit_calibration(predictions: AnyPredictions, method: str) -> Calibration:
    """Learn a calibration.

    ``temperature`` is one number where a row has one label, and one a label where it may have
    several; it changes no order, so that the most probable label stays it. ``isotonic`` is a curve
    a label; where a row has one label, each is taken against all others, and the results are
    divided by their sum. Of tags only the probability of the answer is known: that is
    calibrated, against whether the answer is right.

    Args:
        predictions: Answers on rows that the model was not trained on, with probabilities.
        method: One of :data:`CALIBRATION_METHODS`.

    Raises:
        ConfigError: If there is no such method.
        DataError: If the answers have no probabilities, or there are none.
    """
    if method not in CALIBRATION_METHODS:
        message = f"must be one of {', '.join(CALIBRATION_METHODS)}, but is {method!r}."
        problem = Problem("calibration_config.method", message)
        raise ConfigError("Probabilities cannot be calibrated.", [problem])
    rows = len(predictions.row_ids)
    if not rows:
        raise _useless("must be at least one row, but there is none.")
    if isinstance(predictions, MultiOutputPredictions):
        parts = [_fit_single(one, method, name) for name, one in predictions.outputs.items()]
        return Calibration(method, "single", rows, tuple(parts))
    if isinstance(predictions, MultiLabelPredictions):
        part = _fit_labels(predictions, method)
        return Calibration(method, "multilabel", rows, (part,))
    if isinstance(predictions, TagPredictions):
        return Calibration(method, "tags", rows, (_fit_tags(predictions, method),))
    return Calibration(method, "single", rows, (_fit_single(predictions, method, None),))


def _fit_single(predictions: Predictions, method: str, output: str | None) -> CalibrationPart:
    if predictions.probabilities is None:
        named = "" if output is None else f" of the output {output!r}"
        raise _useless(f"must come with probabilities, but those{named} do not.")
    answers, labels = SingleAnswers(predictions), list(predictions.labels)
    if method == "isotonic":
        changes, notes = _fit_each(predictions.probabilities, answers.truth, method, labels)
        return CalibrationPart(output, tuple(labels), changes, notes)
    found = Temperature.of_rows(predictions.probabilities, answers.true_codes)
    return CalibrationPart(output, tuple(labels), (found,), () if found else (_NO_END,))


def _fit_labels(predictions: MultiLabelPredictions, method: str) -> CalibrationPart:
    if predictions.probabilities is None:
        raise _useless("must come with probabilities, but do not.")
    true, labels = predictions.targets.astype(bool), list(predictions.labels)
    changes, notes = _fit_each(predictions.probabilities, true, method, labels)
    return CalibrationPart(None, tuple(labels), changes, notes)


def _fit_tags(predictions: TagPredictions, method: str) -> CalibrationPart:
    sure = np.array([*chain.from_iterable(predictions.confidences)], dtype=np.float64)
    pairs = zip(
        chain.from_iterable(predictions.targets),
        chain.from_iterable(predictions.predictions),
        strict=True,
    )
    right = np.array([true == answered for true, answered in pairs], dtype=bool)
    changes, notes = _fit_each(sure[:, None], right[:, None], method, ["answers"])
    return CalibrationPart(None, tuple(predictions.tags), changes, notes)


def _fit_each(
    probabilities: NDArray[np.float64],
    true: NDArray[np.bool_],
    method: str,
    labels: Sequence[Any],
) -> tuple[tuple[Temperature | IsotonicCurve | None, ...], tuple[str, ...]]:
    """Fit each label by itself, and say why some are left as they are."""
    kind = Temperature if method == "temperature" else IsotonicCurve
    changes = [kind.of_label(probabilities[:, at], true[:, at]) for at in range(len(labels))]
    notes = []
    for at, label in enumerate(labels):
        if changes[at] is None:
            one_sided = true[:, at].all() or not true[:, at].any()
            notes.append(f"{label}: {_ONE_SIDED if one_sided else _NO_END}")
    return tuple(changes), tuple(notes)


def _useless(message: str) -> DataError:
    return DataError("Probabilities cannot be calibrated.", [Problem("predictions", message)])
