"""What each model answered to a row, as words, and how near each came to the truth."""

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

__all__ = ["Words", "right_rows", "tell_answers", "tell_both", "truth_gaps"]

_NONE = "none"


class Words(NamedTuple):
    """One row in words.

    Attributes:
        truth: What is true of it.
        answer: What was answered.
        labels: The labels that either names, to choose rows by.
    """

    truth: str
    answer: str
    labels: frozenset[str]


def right_rows(predictions: AnyPredictions) -> NDArray[np.bool_]:
    """Say which rows are right as a whole: in all labels, outputs, entities or tags.

    Returns:
        Shape: ``(rows,)``.
    """
    if isinstance(predictions, MultiOutputPredictions):
        each = [right_rows(one) for one in predictions.outputs.values()]
        return np.asarray(np.all(each, axis=0))
    if isinstance(predictions, MultiLabelPredictions):
        return np.asarray((predictions.targets == predictions.predictions).all(axis=1))
    if isinstance(predictions, TagPredictions):
        scheme = predictions.scheme
        pairs = zip(predictions.targets, predictions.predictions, strict=True)
        return np.array(
            [true == tags or _spans(true, scheme) == _spans(tags, scheme) for true, tags in pairs]
        )
    return np.asarray(predictions.targets == predictions.predictions)


def truth_gaps(trained: AnyPredictions, existing: AnyPredictions) -> NDArray[np.float64] | None:
    """Say how much more probability the trained model gives to the truth than the existing one.

    Of several labels or outputs, it is the one with the widest gap that counts. A tagger tells the
    probability of its answers alone: there it is the share of tokens that are right.

    Returns:
        From -1 to 1, ``None`` if a model gives no probabilities. Shape: ``(rows,)``.
    """
    mine, theirs = _of_truth(trained), _of_truth(existing)
    if mine is None or theirs is None or mine.shape != theirs.shape:
        return None
    gaps = mine - theirs
    return np.asarray(gaps[np.arange(len(gaps)), np.abs(gaps).argmax(axis=1)])


def _of_truth(predictions: AnyPredictions) -> NDArray[np.float64] | None:
    """Give the probability of what is true. Shape: ``(rows, what is asked)``."""
    if isinstance(predictions, MultiOutputPredictions):
        each = [_of_truth(one) for one in predictions.outputs.values()]
        found = [one for one in each if one is not None]
        return np.hstack(found) if len(found) == len(each) else None
    if isinstance(predictions, MultiLabelPredictions):
        given = predictions.probabilities
        if given is None:
            return None
        return np.where(predictions.targets.astype(bool), given, 1 - given)
    if isinstance(predictions, TagPredictions):
        pairs = zip(predictions.targets, predictions.predictions, strict=True)
        hits = [[true == tag for true, tag in zip(*row, strict=True)] for row in pairs]
        return np.array([[np.mean(row) if row else 1.0] for row in hits], dtype=np.float64)
    if predictions.probabilities is None:
        return None
    truth = np.asarray(predictions.targets)[:, None] == np.asarray(predictions.labels)
    own = np.where(truth, predictions.probabilities, 0.0)
    return np.asarray(own.sum(axis=1, keepdims=True))


def tell_answers(predictions: AnyPredictions, rows: Sequence[int]) -> list[Words]:
    """Write truth and answer of some rows, by their places."""
    if isinstance(predictions, MultiOutputPredictions):
        return [_tell_outputs(predictions, row) for row in rows]
    if isinstance(predictions, MultiLabelPredictions):
        answers = predictions.predictions
        return [_tell_labels(predictions, answers, row) for row in rows]
    if isinstance(predictions, TagPredictions):
        return [_tell_tags(predictions, row) for row in rows]
    return [_tell_one(predictions, row) for row in rows]


def tell_both(
    trained: AnyPredictions, existing: AnyPredictions, rows: Sequence[int]
) -> tuple[list[Words], list[Words]]:
    """Write truth and answers of two models, of the same rows in the same order.

    Where each tag stands alone, the tokens are left out that both models got right: there is one
    for every word.
    """
    if (
        isinstance(trained, TagPredictions)
        and isinstance(existing, TagPredictions)
        and trained.scheme is None
    ):
        hard = [_hard_tokens(trained, existing, row) for row in rows]
        mine, theirs = (
            [_tell_tags(side, row, kept) for row, kept in zip(rows, hard, strict=True)]
            for side in (trained, existing)
        )
        return mine, theirs
    return tell_answers(trained, rows), tell_answers(existing, rows)


def _hard_tokens(trained: TagPredictions, existing: TagPredictions, row: int) -> frozenset[int]:
    triples = zip(
        trained.targets[row], trained.predictions[row], existing.predictions[row], strict=True
    )
    return frozenset(place for place, tags in enumerate(triples) if len(set(tags)) > 1)


def _tell_one(predictions: Predictions, row: int) -> Words:
    truth, answer = str(predictions.targets[row]), str(predictions.predictions[row])
    return Words(truth, answer, frozenset({truth, answer}))


def _tell_outputs(predictions: MultiOutputPredictions, row: int) -> Words:
    truth = [f"{name}: {one.targets[row]}" for name, one in predictions.outputs.items()]
    answer = [f"{name}: {one.predictions[row]}" for name, one in predictions.outputs.items()]
    return Words(", ".join(truth), ", ".join(answer), frozenset([*truth, *answer]))


def _tell_labels(predictions: MultiLabelPredictions, answers: NDArray[np.int8], row: int) -> Words:
    truth, answer = (
        [str(predictions.labels[place]) for place in np.flatnonzero(values[row]).tolist()]
        for values in (predictions.targets, answers)
    )
    told = [", ".join(labels) or _NONE for labels in (truth, answer)]
    return Words(told[0], told[1], frozenset([*truth, *answer] or [_NONE]))


def _tell_tags(predictions: TagPredictions, row: int, kept: frozenset[int] | None = None) -> Words:
    """Write the entities, or the tokens where each tag stands alone.

    Args:
        predictions: What the model answered.
        row: Its place.
        kept: Places of the tokens to write; ``None``: all.
    """
    tokens = predictions.tokens[row]
    told, labels = [], []
    for tags in (predictions.targets[row], predictions.predictions[row]):
        spans = [
            (start, end, label)
            for start, end, label in _spans(tags, predictions.scheme)
            if kept is None or start in kept
        ]
        words = [f"{' '.join(tokens[start:end])} ({label})" for start, end, label in spans]
        told.append(", ".join(words) or _NONE)
        labels += [label for _, _, label in spans]
    return Words(told[0], told[1], frozenset(labels or [_NONE]))


def _spans(tags: Sequence[str], scheme: str | None) -> Sequence[tuple[int, int, str]]:
    if scheme is None:
        return [(place, place + 1, tag) for place, tag in enumerate(tags)]
    return list(tags_to_spans(tags, scheme))
