"""Answers with the probabilities that they should have had."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import excerpt
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.core.predictions import Predictions
    from dsf.metrics.calibration.calibration import Calibration

__all__ = ["calibrate"]


def calibrate(
    predictions: AnyPredictions,
    calibration: Calibration,
    thresholds: Mapping[str, float] | None = None,
) -> AnyPredictions:
    """Give the same answers with calibrated probabilities.

    Where a row has one label, an answer that was the most probable one still is: isotonic curves
    may make it another. Where it may have several, labels are answered above their thresholds.
    Answers that a model decided in another way stay as they are, and so do tags.

    Args:
        predictions: With probabilities, of the kind that the calibration is for.
        calibration: Learned from validation rows.
        thresholds: Label → threshold, for calibrated probabilities; ``None``: those of the
            predictions, calibrated as the probabilities are.

    Raises:
        DataError: If the calibration is for another kind of answers or for other labels, or a label
            has no threshold.
    """
    _check(predictions, calibration, thresholds)
    if isinstance(predictions, MultiOutputPredictions):
        outputs = {
            name: _calibrate_single(one, calibration, name)
            for name, one in predictions.outputs.items()
        }
        return MultiOutputPredictions(outputs)
    if isinstance(predictions, MultiLabelPredictions):
        return _calibrate_labels(predictions, calibration, thresholds)
    if isinstance(predictions, TagPredictions):
        confidences = [
            calibration.apply(np.asarray(row, dtype=np.float64)).tolist()
            for row in predictions.confidences
        ]
        return replace(predictions, confidences=confidences)
    return _calibrate_single(predictions, calibration, None)


def _calibrate_labels(
    predictions: MultiLabelPredictions,
    calibration: Calibration,
    thresholds: Mapping[str, float] | None,
) -> MultiLabelPredictions:
    if thresholds is None:
        bounds = calibration.apply(predictions.thresholds[None])[0]
    else:
        bounds = np.array([thresholds[name] for name in predictions.labels], dtype=np.float64)
    changed = calibration.apply(cast("NDArray[np.float64]", predictions.probabilities))
    return replace(predictions, probabilities=changed, thresholds=bounds)


def _calibrate_single(
    predictions: Predictions, calibration: Calibration, output: str | None
) -> Predictions:
    given = cast("NDArray[np.float64]", predictions.probabilities)
    changed = calibration.apply(given, output)
    labels = np.asarray(list(predictions.labels))
    followed = labels[given.argmax(axis=1)] == predictions.predictions
    # Curves have level stretches: among labels that have become equal, the model's order holds.
    top = changed >= changed.max(axis=1, keepdims=True)
    best = labels[np.where(top, given, -1.0).argmax(axis=1)]
    answers = np.where(followed, best, predictions.predictions)
    return replace(
        predictions,
        probabilities=changed,
        predictions=answers.astype(predictions.predictions.dtype),
    )


def _check(
    predictions: AnyPredictions,
    calibration: Calibration,
    thresholds: Mapping[str, float] | None,
) -> None:
    kind, labels, without = _describe(predictions)
    problems = []
    if kind != calibration.kind:
        message = f"must be of the kind {calibration.kind}, but are {kind}."
        problems.append(Problem("predictions", message))
    known = {part.output: list(part.labels) for part in calibration.parts}
    if kind == calibration.kind and known != labels:
        wanted, found = (excerpt(next(iter(one.values()), []), 20) for one in (known, labels))
        message = f"must be those it was learned from, {wanted}, but are {found}."
        problems.append(Problem("labels", message))
    if without:
        problems.append(Problem("probabilities", "must be there, but are not."))
    if thresholds is not None and isinstance(predictions, MultiLabelPredictions):
        bare = [label for label in predictions.labels if label not in thresholds]
        if bare:
            message = f"must be there for each label, but {excerpt(bare)} have none."
            problems.append(Problem("thresholds", message))
    if problems:
        raise DataError("The calibration does not fit the answers.", problems)


def _describe(predictions: AnyPredictions) -> tuple[str, dict[str | None, list[Any]], bool]:
    """Give the kind, the labels of each output, and whether probabilities lack."""
    if isinstance(predictions, MultiOutputPredictions):
        each = predictions.outputs
        labels: dict[str | None, list[Any]] = {name: list(one.labels) for name, one in each.items()}
        return "single", labels, any(one.probabilities is None for one in each.values())
    if isinstance(predictions, MultiLabelPredictions):
        return "multilabel", {None: list(predictions.labels)}, predictions.probabilities is None
    if isinstance(predictions, TagPredictions):
        return "tags", {None: list(predictions.tags)}, False
    return "single", {None: list(predictions.labels)}, predictions.probabilities is None
