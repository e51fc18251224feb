"""Answers with any number of labels a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import Problem
from dsf.core.excerpts import excerpt
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.incumbents.answers.finder import LabelFinder, probability_problems
from dsf.incumbents.answers.forms import Said, read_said
from dsf.incumbents.answers.labels import spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsf.incumbents.answers.wanted import WantedAnswers

__all__ = ["read_label_sets"]


def read_label_sets(
    answers: Sequence[Any],
    row_ids: np.ndarray,
    targets: np.ndarray,
    wanted: WantedAnswers,
    where: str,
) -> tuple[MultiLabelPredictions | None, list[Problem]]:
    """Read any number of labels a row, with probabilities if all answers have them.

    Where nothing but 0 and 1 was said, these are answers and no probabilities.

    Args:
        answers: One a row, in a form of :func:`dsf.incumbents.answers.forms.read_said`.
        row_ids: Shape: ``(rows,)``.
        targets: 1 where a row has a label. Shape: ``(rows, labels)``.
        wanted: Has the names of the labels and the thresholds.
        where: What the answers are called in problems.

    Returns:
        The predictions; or ``None`` and what is wrong.
    """
    names = list(wanted.names)
    said = [_as_set(read_said(answer), len(names)) for answer in answers]
    bad = np.array([one is None for one in said], dtype=bool)
    if bad.any():
        message = (
            "must be a list of labels, or probabilities by label, but row_id "
            f"{excerpt(row_ids[bad])} have {excerpt([answers[int(bad.argmax())]])}."
        )
        return None, [Problem(where, message)]
    finder, told = LabelFinder(wanted, names), [one for one in said if one is not None]
    bare = np.array([one.probabilities is None for one in told], dtype=bool)
    if bare.any() and not bare.all():
        rows = excerpt(row_ids[bare])
        message = f"must all have probabilities or all have none, but row_id {rows} have none."
        return None, [Problem(where, message)]
    decided = _decide(told, finder, row_ids)
    values = np.zeros(decided.shape) if bare.all() else _spread(told, finder, row_ids)
    thresholds, faults = _read_thresholds(wanted.thresholds, names)
    faults += finder.problems(where) or probability_problems(
        f"{where}: probabilities", values, row_ids, whole=False
    )
    if faults:
        return None, faults
    chosen = np.array([one.labels is not None for one in told], dtype=bool)
    answered = np.where(chosen[:, None], decided, values > thresholds).astype(np.int8)
    mere = bool(bare.all()) or (not chosen.any() and bool(np.isin(values, (0, 1)).all()))
    agreed = not mere and np.array_equal(answered, values > thresholds)
    return MultiLabelPredictions(
        row_ids, targets, None if mere else values, thresholds, names, None if agreed else answered
    ), []


def _decide(told: Sequence[Said], finder: LabelFinder, row_ids: np.ndarray) -> np.ndarray:
    """Give 1 where a label was named. Shape: ``(rows, labels)``."""
    decided = np.zeros((len(told), len(finder.names)), dtype=np.int8)
    for at, (one, row) in enumerate(zip(told, row_ids, strict=True)):
        places = [finder.place(label, row) for label in one.labels or ()]
        decided[at, [place for place in places if place >= 0]] = 1
    return decided


def _spread(told: Sequence[Said], finder: LabelFinder, row_ids: np.ndarray) -> np.ndarray:
    """Put the probabilities into the order of the labels. Shape: ``(rows, labels)``."""
    pairs = zip(told, row_ids, strict=True)
    return np.stack([spread(one.probabilities, finder, row) for one, row in pairs])


def _as_set(said: Said | None, size: int) -> Said | None:
    """Take a list of 0 and 1 for all labels as what it is."""
    if said is None:
        return None
    labels = said.labels
    if (
        labels
        and len(labels) == size
        and all(isinstance(value, int | float) and value in (0, 1) for value in labels)
    ):
        return Said(None, labels)
    if isinstance(said.probabilities, list | tuple) and len(said.probabilities) != size:
        return None
    return said


def _read_thresholds(
    given: float | Mapping[str, float], names: Sequence[str]
) -> tuple[np.ndarray, list[Problem]]:
    """Give the threshold of each label. Shape: ``(labels,)``."""
    each: dict[str, Any] = dict.fromkeys(names, 0.5)
    if isinstance(given, int | float):
        each = dict.fromkeys(names, given)
    else:
        unknown = [name for name in given if name not in each]
        if unknown:
            message = f"must be of {excerpt(names, 20)}, but {excerpt(unknown, 20)} are none."
            return np.zeros(len(names)), [Problem("thresholds", message)]
        each |= given
    wrong = {
        name: value
        for name, value in each.items()
        if not isinstance(value, int | float) or not 0 <= value <= 1
    }
    problems = [Problem("thresholds", f"must lie between 0 and 1, but are {wrong}.")]
    return np.array(
        [value if name not in wrong else 0.5 for name, value in each.items()], dtype=np.float64
    ), (problems if wrong else [])
