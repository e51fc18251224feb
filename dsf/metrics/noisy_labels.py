"""Rows whose given label is improbable under a model that is sure of another one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics.answers.single import SingleAnswers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.core.predictions import Predictions

__all__ = ["find_noisy_labels"]

_COLUMNS = (
    *("row_id", "text", "part", "given_label", "suggested_label"),
    *("given_probability", "suggested_probability"),
)


def find_noisy_labels(
    predictions: AnyPredictions, texts: Mapping[Any, str] | None = None
) -> pd.DataFrame:
    """List labels that a person should look at again, the most doubtful first.

    The model is sure of a label in a row if its probability there is at least the mean of its
    probabilities in the rows that were given it. A row is listed if, among the labels that the
    model is sure of, the most probable one is not the given one. Ranked by how much more probable
    the suggested label is than the given one.

    The model must not have been trained on the rows: it would have learned their mistakes. So
    training rows need the answers of a cross-validation.

    Of several labels a row, each is a question of yes or no, ``1`` or ``0``; of several outputs,
    each is looked at by itself. Of tags each token is, and only the probability of the answered
    tag is known: sure is what is at least the mean of the probabilities of right answers of that
    tag, and the given tag can have no more than the rest.

    Source: Northcutt et al. 2021, "Confident learning: estimating uncertainty in dataset labels",
    https://arxiv.org/abs/1911.00068, eq. 1-2; ranking: section 3.3, normalised margin.

    Args:
        predictions: Answers next to the given labels. Without probabilities, nothing is listed.
        texts: Row id → text; tags bring their own.

    Returns:
        A row for each doubtful label: ``row_id``, ``text`` if there are any, ``part`` (the output,
        the label that is asked for, or the number of the token from 0 and what it reads; empty if
        a row has one label), ``given_label``, ``suggested_label``, ``given_probability`` (of tags
        at most that) and ``suggested_probability``.
    """
    if isinstance(predictions, TagPredictions):
        texts = dict(zip(predictions.row_ids.tolist(), predictions.texts, strict=True))
    frame = pd.DataFrame([*_find(predictions)], columns=[n for n in _COLUMNS if n != "text"])
    if texts is not None:
        found = [texts.get(row, "") for row in frame["row_id"].tolist()]
        frame.insert(1, "text", pd.Series(found, dtype=object))
    gap = frame["given_probability"].astype(float) - frame["suggested_probability"].astype(float)
    return frame.iloc[np.argsort(gap.to_numpy(), kind="stable")].reset_index(drop=True)


def _find(predictions: AnyPredictions) -> Iterator[tuple[Any, ...]]:
    """Give the columns of each doubtful label, in the order of the rows."""
    if isinstance(predictions, MultiOutputPredictions):
        for output, one in predictions.outputs.items():
            yield from _find_single(one, output)
    elif isinstance(predictions, MultiLabelPredictions):
        yield from _find_switches(predictions)
    elif isinstance(predictions, TagPredictions):
        yield from _find_tags(predictions)
    else:
        yield from _find_single(predictions, "")


def _find_single(predictions: Predictions, output: str) -> Iterator[tuple[Any, ...]]:
    if predictions.probabilities is None:
        return
    answers, found = SingleAnswers(predictions), predictions.probabilities
    suggested = _suggest(answers.true_codes, found)
    for row in np.flatnonzero(suggested != answers.true_codes):
        given, other = answers.true_codes[row], suggested[row]
        labels = predictions.labels[given], predictions.labels[other]
        chances = float(found[row, given]), float(found[row, other])
        yield (predictions.row_ids[row], output, *labels, *chances)


def _find_switches(predictions: MultiLabelPredictions) -> Iterator[tuple[Any, ...]]:
    if predictions.probabilities is None:
        return
    for at, label in enumerate(predictions.labels):
        yes, given = predictions.probabilities[:, at], predictions.targets[:, at].astype(np.intp)
        found = np.column_stack([1 - yes, yes])
        suggested = _suggest(given, found)
        for row in np.flatnonzero(suggested != given):
            sides = int(given[row]), int(suggested[row])
            chances = (float(found[row, side]) for side in sides)
            yield (predictions.row_ids[row], label, *sides, *chances)


def _find_tags(predictions: TagPredictions) -> Iterator[tuple[Any, ...]]:
    tokens = [
        (row, place, *token)
        for row, each in enumerate(
            zip(
                predictions.tokens,
                predictions.targets,
                predictions.predictions,
                predictions.confidences,
                strict=True,
            )
        )
        for place, token in enumerate(zip(*each, strict=True))
    ]
    right: defaultdict[str, list[float]] = defaultdict(list)
    for _, _, _, given, answered, sure in tokens:
        if given == answered:
            right[given].append(sure)
    bounds = {tag: sum(found) / len(found) for tag, found in right.items()}
    for row, place, token, given, answered, sure in tokens:
        if given != answered and sure >= max(bounds.get(answered, 2.0), 0.5):
            part = f"{place} {token}"
            yield (predictions.row_ids[row], part, given, answered, 1 - sure, sure)


def _suggest(given: NDArray[Any], found: NDArray[np.float64]) -> NDArray[np.intp]:
    """Give the most probable label of those that the model is sure of, or else the given one."""
    sums = np.zeros(found.shape[1])
    np.add.at(sums, given, found[np.arange(len(given)), given])
    counts = np.bincount(given, minlength=found.shape[1])
    # A label that no row was given can be suggested to none: nothing says when it is sure.
    bounds = np.divide(sums, counts, out=np.full(len(sums), np.inf), where=counts > 0)
    sure = found >= bounds
    best = np.where(sure, found, -1.0).argmax(axis=1)
    likelier = found[np.arange(len(given)), best] > found[np.arange(len(given)), given]
    return np.asarray(np.where(sure.any(axis=1) & likelier, best, given), dtype=np.intp)
