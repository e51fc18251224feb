"""Answers with a tag for each token, or with entities by their places in the text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dsf.core.errors import Problem
from dsf.core.excerpts import excerpt
from dsf.core.tag_predictions import TagPredictions
from dsf.core.tagging import OUTSIDE, TokenSpan, repair_tags, spans_to_tags, split_tag
from dsf.incumbents.answers.finder import LabelFinder
from dsf.incumbents.answers.forms import read_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from dsf.incumbents.answers.wanted import WantedAnswers

__all__ = ["read_tags"]

_LABEL = ("label", "entity_group", "entity", "type")
_SCORE = ("confidence", "score", "probability")


class _Tagged(NamedTuple):
    """What was read of one answer, or what is wrong with it."""

    tags: list[str]
    confidences: list[float]
    fault: str = ""


def read_tags(
    answers: Sequence[Any], rows: pd.DataFrame, wanted: WantedAnswers, where: str
) -> tuple[TagPredictions | None, list[Problem]]:
    """Read a tag for each token.

    An answer is a list of tags; ``{"tags": […], "confidences": […]}``; or entities, as a list or
    under ``entities``, each ``{"start", "end", "label"}`` in characters of the text. An entity
    takes every token of which it has a character. Tags that break the scheme are mended as a
    user would be shown them (:func:`dsf.core.tagging.repair_tags`). A model that gives no
    confidence is taken to be sure.

    Args:
        answers: One a row.
        rows: Have ``row_id``, ``text``, ``tokens``, ``starts`` and ``tags``.
        wanted: Has the tags and their scheme.
        where: What the answers are called in problems.

    Returns:
        The predictions; or ``None`` and what is wrong.
    """
    tags, entities = _finders(wanted)
    ids = rows["row_id"].to_numpy()
    read: list[_Tagged] = []
    faults: dict[str, list[Any]] = {}
    columns = zip(answers, ids, rows["tokens"], rows["starts"], strict=True)
    for answer, row, tokens, starts in columns:
        one = _read(answer, row, tokens, starts, wanted.scheme, tags, entities)
        read.append(one)
        if one.fault:
            faults.setdefault(one.fault, []).append(row)
    problems = [
        Problem(where, f"{fault} (row_id {excerpt(found)})") for fault, found in faults.items()
    ]
    problems += [*tags.problems(where), *entities.problems(where)]
    if problems:
        return None, problems
    return TagPredictions(
        row_ids=ids,
        texts=rows["text"].tolist(),
        starts=[list(row) for row in rows["starts"]],
        tokens=[list(row) for row in rows["tokens"]],
        targets=[list(row) for row in rows["tags"]],
        predictions=[one.tags for one in read],
        confidences=[one.confidences for one in read],
        tags=list(wanted.names),
        scheme=wanted.scheme,
    ), []


def _finders(wanted: WantedAnswers) -> tuple[LabelFinder, LabelFinder]:
    """Make a finder of tags and one of the labels of entities."""
    labels = dict.fromkeys(split_tag(str(tag))[1] for tag in wanted.names if tag != OUTSIDE)
    return LabelFinder(wanted, wanted.names), LabelFinder(wanted, list(labels))


def _read(
    answer: Any,
    row: Any,
    tokens: Sequence[str],
    starts: Sequence[int],
    scheme: str | None,
    tags: LabelFinder,
    entities: LabelFinder,
) -> _Tagged:
    answer = answer.tolist() if isinstance(answer, np.ndarray) else answer
    confidences, found = None, answer
    if isinstance(answer, Mapping):
        confidences = answer.get("confidences")
        found = answer.get("tags")
        found = answer.get("entities") if found is None else found
    if isinstance(found, np.ndarray):
        found = found.tolist()
    if not isinstance(found, list | tuple):
        return _Tagged([], [], "must be a list of tags or of entities, but is neither.")
    if all(isinstance(item, Mapping) for item in found) and (
        found or _means_no_entity(tokens, answer)
    ):
        if scheme is None:
            return _Tagged([], [], "must be a list of tags: entities need a tag_scheme.")
        return _read_entities(found, row, tokens, starts, scheme, entities)
    if len(found) != len(tokens):
        return _Tagged([], [], "must have one tag a token, but has more or fewer.")
    if confidences is None:
        confidences = [1.0] * len(tokens)
    if len(confidences) != len(tokens):
        return _Tagged([], [], "must have one confidence a token, but has more or fewer.")
    read = [tags.names[max(place, 0)] for place in (tags.place(tag, row) for tag in found)]
    mended = read if scheme is None else _mend(read, scheme, tags.names)
    return _tagged(mended, [read_number(value) for value in confidences])


def _means_no_entity(tokens: Sequence[str], answer: Any) -> bool:
    """Whether an empty list means no entity, and not the tags of a text without tokens."""
    return len(tokens) > 0 or (isinstance(answer, Mapping) and "entities" in answer)


def _read_entities(
    found: Sequence[Mapping[str, Any]],
    row: Any,
    tokens: Sequence[str],
    starts: Sequence[int],
    scheme: str,
    labels: LabelFinder,
) -> _Tagged:
    begins = np.asarray(list(starts), dtype=np.int64)
    ends = begins + np.array([len(token) for token in tokens], dtype=np.int64)
    spans, confidences = [], np.ones(len(tokens))
    taken = np.zeros(len(tokens), dtype=bool)
    for entity in found:
        label = next((entity[key] for key in _LABEL if key in entity), None)
        start, end = entity.get("start"), entity.get("end")
        if label is None or not isinstance(start, int) or not isinstance(end, int):
            return _Tagged([], [], "each entity must have start, end and label, but one has not.")
        inside = (begins < end) & (ends > start)
        place = labels.place(label, row)
        if not inside.any():
            return _Tagged([], [], "an entity must hold a token, but one holds none.")
        if (taken & inside).any():
            return _Tagged([], [], "entities must not share a token, but two do.")
        taken |= inside
        at = np.flatnonzero(inside)
        score = next((entity[key] for key in _SCORE if key in entity), 1.0)
        confidences[at] = read_number(score)
        if place >= 0:
            spans.append(TokenSpan(int(at[0]), int(at[-1]) + 1, str(labels.names[place])))
    return _tagged(spans_to_tags(spans, len(tokens), scheme), confidences.tolist())


def _tagged(tags: list[str], confidences: list[float]) -> _Tagged:
    if all(0 <= value <= 1 for value in confidences):
        return _Tagged(tags, confidences)
    return _Tagged([], [], "confidences must be numbers from 0 to 1, but one is not.")


def _mend(tags: list[str], scheme: str, known: Sequence[str]) -> list[str]:
    """Mend marks, unless that would need a tag that there is not."""
    mended = repair_tags(tags, scheme)
    return mended if set(mended) <= set(known) else tags
