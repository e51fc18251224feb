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
    """Read any number of labels a row.

    A model that gives labels without probabilities is taken to be sure of all that it says.

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
    finder, shape = LabelFinder(wanted, names), (len(said), len(names))
    values, decided = np.zeros(shape), np.zeros(shape, dtype=np.int8)
    chosen = np.array([one is not None and one.labels is not None for one in said], dtype=bool)
    for at, (one, row) in enumerate(zip(said, row_ids, strict=True)):
        if one is None:
            continue
        places = [finder.place(label, row) for label in one.labels or ()]
        decided[at, [place for place in places if place >= 0]] = 1
        no_more = one.probabilities is None
        values[at] = decided[at] if no_more else spread(one.probabilities, finder, row)
    problems = finder.problems(where) or probability_problems(
        f"{where}: probabilities", values, row_ids, whole=False
    )
    thresholds, faults = _read_thresholds(wanted.thresholds, names)
    if problems or faults:
        return None, [*problems, *faults]
    by_threshold = (values > thresholds).astype(np.int8)
    answered = np.where(chosen[:, None], decided, by_threshold)
    agreed = np.array_equal(answered, by_threshold)
    return MultiLabelPredictions(
        row_ids, targets, values, thresholds, names, None if agreed else answered
    ), []


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
