"""One model's answers with their probabilities, as the arrays that curves are drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.tag_predictions import TagPredictions
from dsf.core.tagging import tags_to_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.core.predictions import Predictions

__all__ = ["Scored", "score_answers"]


class Scored(NamedTuple):
    """What one model answered, for one output.

    Attributes:
        labels: Names of the labels; empty if only the answered tag has a probability.
        truth: Whether a row has a label. Shape: ``(rows, labels)``.
        probabilities: That it has. Shape: ``(rows, labels)``.
        claimed: Probabilities that are compared with what came true. Shape: ``(answers,)``.
        came_true: Whether it did. Shape: ``(answers,)``.
        sure: How sure the model is of each unit that it may keep silent on. Shape: ``(units,)``.
        right: Whether the unit is right. Shape: ``(units,)``.
        unit: What a unit is.
    """

    labels: Sequence[str]
    truth: NDArray[np.bool_]
    probabilities: NDArray[np.float64]
    claimed: NDArray[np.float64]
    came_true: NDArray[np.bool_]
    sure: NDArray[np.float64]
    right: NDArray[np.bool_]
    unit: str


def score_answers(predictions: AnyPredictions) -> dict[str, Scored]:
    """Take the arrays out of predictions.

    Returns:
        Output → its arrays, or ``""`` → those of the one output; without those that have no
        probabilities.
    """
    if isinstance(predictions, MultiOutputPredictions):
        found = {name: _of_one(answers) for name, answers in predictions.outputs.items()}
    elif isinstance(predictions, MultiLabelPredictions):
        found = {"": _of_several(predictions)}
    elif isinstance(predictions, TagPredictions):
        found = {"": _of_entities(predictions) if predictions.scheme else _of_tags(predictions)}
    else:
        found = {"": _of_one(predictions)}
    return {name: scored for name, scored in found.items() if scored is not None}


def _of_one(predictions: Predictions) -> Scored | None:
    """One label a row: how sure a model is, is the probability of its answer."""
    if predictions.probabilities is None:
        return None
    labels = np.asarray(predictions.labels)
    truth = np.asarray(predictions.targets)[:, None] == labels
    answered = np.asarray(predictions.predictions)[:, None] == labels
    sure = np.where(answered, predictions.probabilities, 0.0).sum(axis=1)
    right = (truth & answered).any(axis=1)
    names = [str(label) for label in predictions.labels]
    return Scored(names, truth, predictions.probabilities, sure, right, sure, right, "rows")


def _of_several(predictions: MultiLabelPredictions) -> Scored | None:
    """Several labels a row: a row is as sure as the least sure of its answers."""
    truth, answered = predictions.targets.astype(bool), predictions.predictions.astype(bool)
    probabilities = predictions.probabilities
    if probabilities is None:
        return None
    sure = np.where(answered, probabilities, 1 - probabilities).min(axis=1)
    return Scored(
        list(predictions.labels),
        truth,
        probabilities,
        probabilities.ravel(),
        truth.ravel(),
        sure,
        (truth == answered).all(axis=1),
        "rows",
    )


def _of_tags(predictions: TagPredictions) -> Scored | None:
    sure = [value for row in predictions.confidences for value in row]
    pairs = zip(predictions.targets, predictions.predictions, strict=True)
    right = [true == tag for mine, theirs in pairs for true, tag in zip(mine, theirs, strict=True)]
    return _of_units(sure, right, "tokens")


def _of_entities(predictions: TagPredictions) -> Scored | None:
    """Entities: an answered one is right if start, end and label are."""
    scheme = predictions.scheme
    assert scheme is not None
    sure, right = [], []
    for row, (targets, tags) in enumerate(
        zip(predictions.targets, predictions.predictions, strict=True)
    ):
        true = set(tags_to_spans(targets, scheme))
        for span in tags_to_spans(tags, scheme):
            sure.append(min(predictions.confidences[row][span.start : span.end]))
            right.append(span in true)
    return _of_units(sure, right, "answered entities")


def _of_units(sure: Sequence[float], right: Sequence[bool], unit: str) -> Scored | None:
    if not sure:
        return None
    values, hits = np.asarray(sure, dtype=np.float64), np.asarray(right, dtype=bool)
    return Scored((), np.zeros((0, 0), bool), np.zeros((0, 0)), values, hits, values, hits, unit)
