"""Answers with one label a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import Problem
from dsf.core.excerpts import excerpt
from dsf.core.predictions import Predictions
from dsf.incumbents.answers.finder import LabelFinder, probability_problems
from dsf.incumbents.answers.forms import Said, read_number, read_said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.incumbents.answers.wanted import WantedAnswers

__all__ = ["read_labels"]


def read_labels(
    answers: Sequence[Any],
    row_ids: np.ndarray,
    targets: np.ndarray,
    names: Sequence[Any],
    wanted: WantedAnswers,
    where: str,
) -> tuple[Predictions | None, list[Problem]]:
    """Read one label a row, with probabilities if all answers have them.

    Args:
        answers: One a row, in a form of :func:`dsf.incumbents.answers.forms.read_said`.
        row_ids: Shape: ``(rows,)``.
        targets: True labels. Shape: ``(rows,)``.
        names: All labels.
        wanted: Says how names of labels are compared.
        where: What the answers are called in problems.

    Returns:
        The predictions; or ``None`` and what is wrong.
    """
    said = [_as_one(read_said(answer), len(names)) for answer in answers]
    problems = _form_problems(said, answers, row_ids, where)
    if problems:
        return None, problems
    finder = LabelFinder(wanted, names)
    told = [one for one in said if one is not None]
    places = np.array(
        [
            finder.place(one.labels[0], row) if one.labels else 0
            for one, row in zip(told, row_ids, strict=True)
        ],
        dtype=np.int64,
    )
    values = None
    if told and all(one.probabilities is not None for one in told):
        values = np.stack(
            [spread(one.probabilities, finder, row) for one, row in zip(told, row_ids, strict=True)]
        )
        chosen = np.array([bool(one.labels) for one in told])
        places = np.where(chosen, places, np.nan_to_num(values, nan=-1.0).argmax(axis=1))
    problems = finder.problems(where)
    if values is not None and not problems:
        problems = probability_problems(f"{where}: probabilities", values, row_ids, whole=True)
    if problems:
        return None, problems
    answered = np.asarray(list(names))[places]
    return Predictions(row_ids, targets, answered, list(names), values), []


def spread(probabilities: Any, finder: LabelFinder, row_id: Any) -> np.ndarray:
    """Put the probabilities of a row into the order of the labels; what is not named has 0.

    Args:
        probabilities: Name → probability, or those of all labels in their order.
        finder: Finds the labels; a name that is none may have probability 0.
        row_id: For messages.

    Returns:
        Shape: ``(labels,)``; not a number where there is none.
    """
    if not isinstance(probabilities, Mapping):
        try:
            return np.asarray(probabilities, dtype=np.float64)
        except (TypeError, ValueError):
            return np.array([read_number(value) for value in probabilities], dtype=np.float64)
    row = np.zeros(len(finder.names))
    for name, value in probabilities.items():
        number = value if type(value) is float else read_number(value)
        if number == 0:
            finder.hear(name)
            continue
        place = finder.texts.get(name, -1) if type(name) is str else -1
        place = place if place >= 0 else finder.place(name, row_id)
        if place >= 0:
            row[place] += number
    return row


def _as_one(said: Said | None, size: int) -> Said | None:
    """Take what says one label; a list of numbers may be probabilities of all."""
    if said is None:
        return None
    if said.labels is not None and len(said.labels) != 1:
        many = size == len(said.labels) and said.probabilities is None
        numbers = many and all(isinstance(value, int | float) for value in said.labels)
        said = Said(None, said.labels) if numbers else None
    if said is not None and isinstance(said.probabilities, list | tuple):
        return said if len(said.probabilities) == size else None
    return said


def _form_problems(
    said: Sequence[Said | None], answers: Sequence[Any], row_ids: np.ndarray, where: str
) -> list[Problem]:
    """Find answers in no known form, and some without what the others have."""
    bad = np.array([one is None for one in said], dtype=bool)
    if bad.any():
        first = answers[int(bad.argmax())]
        message = (
            "must be a label, probabilities of all labels, or both, but row_id "
            f"{excerpt(row_ids[bad])} have {_shorten(first)}."
        )
        return [Problem(where, message)]
    bare = np.array([one is not None and one.probabilities is None for one in said], dtype=bool)
    alone = np.array([one is not None and not one.labels for one in said], dtype=bool)
    if bare.any() and alone.any():
        message = (
            "must all have probabilities or all be labels, but row_id "
            f"{excerpt(row_ids[bare])} have none."
        )
        return [Problem(where, message)]
    return []


def _shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"
