"""What a model that dsf has trained answers, in the words of the rows that are asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import IncumbentError, Problem
from dsf.core.excerpts import excerpt
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.core.predictions import Predictions

__all__ = ["NO_MODEL", "as_answers", "known_labels"]

NO_MODEL = "There is no existing model that could answer."
"""Headline of what is wrong with one that dsf has trained."""


def known_labels(given: AnyPredictions) -> set[Any]:
    """Give the labels that a model knows by."""
    if isinstance(given, TagPredictions):
        return set(given.tags)
    if isinstance(given, MultiOutputPredictions):
        return {label for output in given.outputs.values() for label in output.labels}
    return set(given.labels)


def as_answers(given: AnyPredictions, labels: Any, label_map: Mapping[Any, Any], where: str) -> Any:
    """Turn a model's predictions into answers in the order of our labels.

    Labels keep the model's names, since ``label_map`` is applied where answers are read;
    probabilities are put into the columns of ours. A label that the model does not know has 0.

    Args:
        given: What the model answered.
        labels: Ours: a list, or a list for each output.
        label_map: What the model calls a label → what we call it.
        where: What the model is called in messages.

    Raises:
        IncumbentError: If the model knows labels that are none of ours, or lacks an output.
    """
    if isinstance(given, TagPredictions):
        pairs = zip(given.predictions, given.confidences, strict=True)
        return [{"tags": tags, "confidences": sure} for tags, sure in pairs]
    ours = _Ours(label_map, where)
    if isinstance(given, MultiOutputPredictions):
        _check_outputs(given, labels, where)
        return {
            output: _read_labels(given.outputs[output], names, ours)
            for output, names in labels.items()
        }
    if isinstance(given, MultiLabelPredictions):
        return _read_sets(given, labels, ours)
    return _read_labels(given, labels, ours)


@dataclass(frozen=True)
class _Ours:
    """How a model's columns come into the order of our labels."""

    label_map: Mapping[Any, Any]
    where: str

    def arrange(self, values: np.ndarray, known: Sequence[Any], labels: Sequence[Any]) -> list[Any]:
        renamed = [self.label_map.get(label, label) for label in known]
        unknown = [label for label in renamed if label not in labels]
        if unknown:
            message = (
                f"knows the labels {excerpt(unknown, 20)}, which the rows have not. Name them in "
                "model_config.label_names too, or say by label_map what they are here."
            )
            raise IncumbentError(NO_MODEL, [Problem(self.where, message)])
        columns = np.zeros((len(values), len(labels)))
        for at, label in enumerate(renamed):
            columns[:, list(labels).index(label)] += values[:, at]
        return columns.tolist()


def _check_outputs(given: MultiOutputPredictions, labels: Mapping[str, Any], where: str) -> None:
    lacking = [output for output in labels if output not in given.outputs]
    if lacking:
        message = f"must answer {', '.join(labels)}, but answers {', '.join(given.outputs)}."
        raise IncumbentError(NO_MODEL, [Problem(where, message)])


def _read_sets(given: MultiLabelPredictions, labels: Sequence[Any], ours: _Ours) -> list[Any]:
    named = [
        [label for label, chosen in zip(given.labels, row, strict=True) if chosen]
        for row in given.predictions
    ]
    if given.probabilities is None:
        return named
    values = ours.arrange(given.probabilities, given.labels, labels)
    pairs = zip(named, values, strict=True)
    return [{"labels": each, "probabilities": row} for each, row in pairs]


def _read_labels(given: Predictions, labels: Sequence[Any], ours: _Ours) -> list[Any]:
    if given.probabilities is None:
        return list(given.predictions)
    values = ours.arrange(given.probabilities, given.labels, labels)
    pairs = zip(given.predictions, values, strict=True)
    return [{"label": label, "probabilities": row} for label, row in pairs]
