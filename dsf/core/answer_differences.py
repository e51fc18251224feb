"""Where two models that should be the same one answer otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["AnswerDifferences", "find_differences"]


@dataclass(frozen=True)
class AnswerDifferences:
    """What differs between two answers to the same rows.

    Attributes:
        largest: Largest distance of two probabilities; 0 if there are none.
        rows: Ids of the rows whose answers differ beyond rounding.
        distances: Largest distance of two probabilities of each of these rows, in their order.
    """

    largest: float
    rows: list[Any]
    distances: list[float]


def find_differences(
    given: AnyPredictions, wanted: AnyPredictions, tolerance: float
) -> AnswerDifferences:
    """Find rows that are answered otherwise.

    A label may be another one only where it hangs on less than the tolerance: two labels that are
    equally probable, or a probability at its threshold.

    Args:
        given: Answers of the one.
        wanted: Answers of the other; of the same kind, to the same rows in the same order.
        tolerance: How far two probabilities may lie apart.

    Raises:
        ValueError: If they are of different kinds, rows or labels.
    """
    if type(given) is not type(wanted) or list(given.row_ids) != list(wanted.row_ids):
        raise ValueError("both must be answers of one kind to the same rows in the same order")
    if isinstance(given, MultiOutputPredictions):
        assert isinstance(wanted, MultiOutputPredictions)
        pairs = [(one, wanted.outputs[name]) for name, one in given.outputs.items()]
        return _join([find_differences(one, other, tolerance) for one, other in pairs])
    if isinstance(given, TagPredictions):
        assert isinstance(wanted, TagPredictions)
        distances, wrong = _compare_tags(given, wanted, tolerance)
    elif isinstance(given, MultiLabelPredictions):
        assert isinstance(wanted, MultiLabelPredictions)
        distances, wrong = _compare_sets(given, wanted, tolerance)
    else:
        assert isinstance(wanted, Predictions)
        distances, wrong = _compare_labels(given, wanted, tolerance)
    wrong |= ~(distances <= tolerance)  # so that nan counts as wrong
    ids = [row for row, differs in zip(given.row_ids.tolist(), wrong, strict=True) if differs]
    largest = float(distances.max(initial=0.0))
    return AnswerDifferences(largest, ids, distances[wrong].tolist())


def _join(found: Sequence[AnswerDifferences]) -> AnswerDifferences:
    """Tell each row once, whichever outputs differ there."""
    far: dict[Any, float] = {}
    for each in found:
        for row, distance in zip(each.rows, each.distances, strict=True):
            far[row] = max(distance, far.get(row, 0.0))
    largest = max((each.largest for each in found), default=0.0)
    return AnswerDifferences(largest, list(far), list(far.values()))


def _compare_labels(
    given: Predictions, wanted: Predictions, tolerance: float
) -> tuple[np.ndarray, np.ndarray]:
    """Give the largest distance of each row, and whether its label is another one."""
    _check_labels(given.labels, wanted.labels)
    pairs = zip(given.predictions, wanted.predictions, strict=True)
    other = np.array([one != another for one, another in pairs], dtype=bool)
    if given.probabilities is None or wanted.probabilities is None:
        return np.zeros(len(other)), other
    place = {label: at for at, label in enumerate(wanted.labels)}
    rows, chances = np.arange(len(other)), wanted.probabilities
    first, second = (
        chances[rows, [place[label] for label in side.predictions]] for side in (wanted, given)
    )
    distances = _row_maximum(given.probabilities, wanted.probabilities)
    wrong: np.ndarray = other & (np.abs(first - second) > 2 * tolerance)
    return distances, wrong


def _compare_sets(
    given: MultiLabelPredictions, wanted: MultiLabelPredictions, tolerance: float
) -> tuple[np.ndarray, np.ndarray]:
    _check_labels(given.labels, wanted.labels)
    other = np.asarray(given.predictions != wanted.predictions)
    if given.probabilities is None or wanted.probabilities is None:
        return np.zeros(len(other)), np.asarray(other.any(axis=1))
    at_threshold = np.abs(wanted.probabilities - wanted.thresholds) <= 2 * tolerance
    distances = _row_maximum(given.probabilities, wanted.probabilities)
    return distances, np.asarray((other & ~at_threshold).any(axis=1))


def _compare_tags(
    given: TagPredictions, wanted: TagPredictions, tolerance: float
) -> tuple[np.ndarray, np.ndarray]:
    _check_labels(given.tags, wanted.tags)
    distances, wrong = np.zeros(len(given.row_ids)), np.zeros(len(given.row_ids), dtype=bool)
    for row, (mine, theirs) in enumerate(zip(given.confidences, wanted.confidences, strict=True)):
        sure, other = np.asarray(mine, dtype=float), np.asarray(theirs, dtype=float)
        if len(sure) != len(other):
            wrong[row] = True
            continue
        apart = np.abs(sure - other)
        distances[row] = apart.max(initial=0.0)
        tags = np.asarray(given.predictions[row]) != np.asarray(wanted.predictions[row])
        # Two tags of one word can be equally probable only if neither has more than half.
        wrong[row] = bool((tags & (other > 0.5 + tolerance)).any())
    return distances, wrong


def _row_maximum(given: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.abs(given - wanted).max(axis=1, initial=0.0)
    return found


def _check_labels(given: Any, wanted: Any) -> None:
    if list(given) != list(wanted):
        raise ValueError("both must know the same labels in the same order")
