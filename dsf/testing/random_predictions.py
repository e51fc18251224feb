"""Predictions of every kind out of chance, the unusual ones among them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.core.tagging import list_tags, repair_tags

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["KINDS", "MODES", "make_predictions", "take_again"]

KINDS = ("single", "multi_output", "multilabel", "tags", "entities")
"""Kinds of answers, as :mod:`dsf.metrics.answers` has them."""

MODES = ("noisy", "tied", "right", "wrong", "one_label", "one_answer")
"""Mostly right; the same with probabilities in tenths, so that many are equal, or 0 or 1; all
right; all wrong; one label everywhere in the truth, and so no row of the others; one everywhere in
the answers."""

_LONGEST = 5  # tokens of a row; some have none
_BY_ROW = {"targets", "predictions", "probabilities", "decided"} | {
    *("texts", "starts", "tokens", "confidences")
}


def make_predictions(
    kind: str,
    mode: str = "noisy",
    *,
    rows: int = 40,
    labels: int = 3,
    seed: int = 0,
    scheme: str = "iob2",
) -> AnyPredictions:
    """Make predictions of one kind.

    Args:
        kind: One of :data:`KINDS`.
        mode: One of :data:`MODES`.
        rows: How many rows.
        labels: How many labels; of entities and outputs, how many each has.
        seed: Of the chance.
        scheme: Of the tags that make entities.
    """
    random = np.random.default_rng([seed, rows, labels])
    ids = np.arange(rows)
    names = [f"label {number}" for number in range(labels)]
    if kind == "single":
        return _one_label(random, mode, ids, names)
    if kind == "multi_output":
        first, second = (_one_label(random, mode, ids, some) for some in (names, names[:2]))
        return MultiOutputPredictions({"first": first, "second": second})
    if kind == "multilabel":
        return _several_labels(random, mode, ids, names)
    return _tags(random, mode, ids, names, scheme if kind == "entities" else None)


def take_again(predictions: AnyPredictions, places: NDArray[np.intp]) -> AnyPredictions:
    """Give rows by their places, any of them several times, each under a new id.

    Args:
        predictions: Of any kind.
        places: From 0 on.
    """
    if isinstance(predictions, MultiOutputPredictions):
        outputs: dict[str, Any] = {
            name: take_again(one, places) for name, one in predictions.outputs.items()
        }
        return MultiOutputPredictions(outputs)
    taken: dict[str, Any] = {"row_ids": np.arange(len(places))}
    for name in _BY_ROW & {field.name for field in fields(predictions)}:
        values = getattr(predictions, name)
        if isinstance(values, np.ndarray):
            taken[name] = values[places]
        elif values is not None:
            taken[name] = [values[place] for place in places]
    return replace(predictions, **taken)


def _one_label(
    random: np.random.Generator, mode: str, ids: NDArray[np.intp], names: list[str]
) -> Predictions:
    rows, labels = len(ids), len(names)
    truth = random.integers(0, labels, rows) * (mode != "one_label")
    sure = {"right": truth, "wrong": (truth + 1) % labels, "one_answer": 0 * truth}
    if mode in sure:
        found = np.eye(labels)[sure[mode]]
    else:
        found = random.dirichlet(np.ones(labels), rows)
        found = 0.8 * found + 0.2 * np.eye(labels)[truth]
        if mode == "tied":
            found = random.multinomial(10, found) / 10
    return Predictions.from_probabilities(ids, np.array(names)[truth], found, names)


def _several_labels(
    random: np.random.Generator, mode: str, ids: NDArray[np.intp], names: list[str]
) -> MultiLabelPredictions:
    shape = (len(ids), len(names))
    truth = random.integers(0, 2, shape)
    first = np.arange(len(names)) == 0
    if mode == "one_label":
        truth[:] = first
    sure = {"right": truth, "wrong": 1 - truth, "one_answer": np.broadcast_to(first, shape)}
    found = sure.get(mode, 0.6 * random.random(shape) + 0.4 * truth).astype(np.float64)
    return MultiLabelPredictions(
        row_ids=ids,
        targets=truth,
        probabilities=found.round(1) if mode == "tied" else found,
        thresholds=np.full(len(names), 0.5),
        labels=names,
    )


def _tags(
    random: np.random.Generator,
    mode: str,
    ids: NDArray[np.intp],
    names: list[str],
    scheme: str | None,
) -> TagPredictions:
    """Make tags; answers may break their scheme."""
    tags = names if scheme is None else list_tags(names, scheme)
    words = [["x"] * size for size in random.integers(0, _LONGEST + 1, len(ids))]
    truth = [[tags[n] for n in random.integers(0, len(tags), len(row))] for row in words]
    if mode == "one_label":
        truth = [[tags[0]] * len(row) for row in words]
    if scheme is not None:
        truth = [repair_tags(row, scheme) for row in truth]
    return TagPredictions(
        row_ids=ids,
        texts=[" ".join(row) for row in words],
        starts=[[2 * place for place in range(len(row))] for row in words],
        tokens=words,
        targets=truth,
        predictions=[[_answer(random, mode, tag, tags) for tag in row] for row in truth],
        confidences=[[0.5] * len(row) for row in words],
        tags=tags,
        scheme=scheme,
    )


def _answer(random: np.random.Generator, mode: str, tag: str, tags: list[str]) -> str:
    if mode == "right":
        return tag
    if mode == "one_answer":
        return tags[0]
    if mode == "wrong":
        return tags[(tags.index(tag) + 1) % len(tags)]
    return tag if random.random() < 0.6 else tags[random.integers(len(tags))]
