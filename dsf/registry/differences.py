"""Where the answers of a served bundle differ from those that its run gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import BundleError, Problem
from dsf.core.excerpts import excerpt
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.row_matching import id_text
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.core.predictions import Predictions

__all__ = ["find_differences"]

_SHOWN = 8  # labels, or tags that differ, of one row


def find_differences(
    answers: AnyPredictions, table: pd.DataFrame, tolerance: float
) -> list[Problem]:
    """Compare what a served bundle answers with what its run answered.

    A probability may differ by the tolerance. A label may differ only where that decides it: where
    the probabilities of both labels, or a probability and its threshold, are no farther apart.

    Args:
        answers: Of the run.
        table: Of the served bundle, on the same rows in the same order; see
            :func:`dsf.inference.answer_table.make_answer_table`.
        tolerance: The largest difference of two probabilities that counts as none.

    Returns:
        One problem a row that differs; of several outputs one for each of them.

    Raises:
        BundleError: If the table has not the rows or the columns of the answers.
    """
    if len(table) != len(answers.row_ids):
        message = f"must be {len(answers.row_ids)}, one a row, but are {len(table)}."
        raise BundleError("The answers cannot be compared.", [Problem("answers", message)])
    if isinstance(answers, TagPredictions):
        return _of_tags(answers, table, tolerance)
    if isinstance(answers, MultiLabelPredictions):
        return _of_many(answers, table, tolerance)
    if isinstance(answers, MultiOutputPredictions):
        return [
            problem
            for name, one in answers.outputs.items()
            for problem in _of_one(one, table, tolerance, f"_{name}")
        ]
    return _of_one(answers, table, tolerance, "")


def _of_one(
    answers: Predictions, table: pd.DataFrame, tolerance: float, suffix: str
) -> list[Problem]:
    """Compare answers that have one label a row."""
    columns = [f"probability{suffix}_{label}" for label in answers.labels]
    _check_columns(table, [f"label{suffix}", *columns])
    ours, theirs = answers.predictions.tolist(), table[f"label{suffix}"].tolist()
    other = np.array([mine != yours for mine, yours in zip(ours, theirs, strict=True)], dtype=bool)
    known = answers.probabilities
    if known is None:
        return _problems(answers.row_ids, other, ours, theirs, np.zeros(len(other)), suffix)
    off = np.abs(table[columns].to_numpy(dtype=np.float64) - known).max(axis=1, initial=0.0)
    places = {label: place for place, label in enumerate(answers.labels)}
    for row in np.flatnonzero(other):
        mine, yours = places[ours[row]], places.get(theirs[row])
        if yours is not None and abs(known[row, mine] - known[row, yours]) <= tolerance:
            other[row] = False
    wrong = other | ~(off <= tolerance)  # so that nan counts as wrong
    return _problems(answers.row_ids, wrong, ours, theirs, off, suffix)


def _of_many(
    answers: MultiLabelPredictions, table: pd.DataFrame, tolerance: float
) -> list[Problem]:
    """Compare answers that may have several labels a row."""
    labels = list(answers.labels)
    columns = [f"probability_{label}" for label in labels]
    _check_columns(table, ["labels", *columns])
    theirs = [sorted(map(str, row)) for row in table["labels"]]
    ours = [sorted(np.asarray(labels)[row > 0].tolist()) for row in answers.predictions]
    given = np.array([[label in row for label in labels] for row in theirs], dtype=np.int8)
    differ = given.reshape(answers.predictions.shape) != answers.predictions
    off = np.zeros(len(ours))
    if answers.probabilities is not None:
        found = table[columns].to_numpy(dtype=np.float64)
        off = np.abs(found - answers.probabilities).max(axis=1, initial=0.0)
        differ &= np.abs(answers.probabilities - answers.thresholds) > tolerance
    unknown = np.array([bool(set(row) - set(labels)) for row in theirs], dtype=bool)
    wrong = differ.any(axis=1) | unknown | ~(off <= tolerance)
    return _problems(answers.row_ids, wrong, ours, theirs, off, "")


def _of_tags(answers: TagPredictions, table: pd.DataFrame, tolerance: float) -> list[Problem]:
    """Compare answers that have a tag a word."""
    _check_columns(table, ["tokens", "tags", "probabilities"])
    ours = [list(tags) for tags in answers.predictions]
    theirs = [list(tags) for tags in table["tags"]]
    wrong, off = np.zeros(len(ours), dtype=bool), np.zeros(len(ours))
    for row, words in enumerate(answers.tokens):
        if list(table["tokens"].iloc[row]) != list(words) or len(theirs[row]) != len(words):
            wrong[row] = True
            continue
        known = np.asarray(answers.confidences[row], dtype=np.float64)
        gaps = np.abs(np.asarray(table["probabilities"].iloc[row], dtype=np.float64) - known)
        off[row] = gaps.max(initial=0.0)
        # Two tags of one word can be equally probable only if neither has more than half.
        clear = known > 0.5 + tolerance
        other = np.array(ours[row], dtype=object) != np.array(theirs[row], dtype=object)
        wrong[row] = bool((other & clear).any()) or not off[row] <= tolerance
        ours[row], theirs[row] = (list(np.array(tags)[other]) for tags in (ours[row], theirs[row]))
    return _problems(answers.row_ids, wrong, ours, theirs, off, "")


def _problems(
    row_ids: np.ndarray,
    wrong: np.ndarray,
    ours: Sequence[Any],
    theirs: Sequence[Any],
    off: np.ndarray,
    suffix: str,
) -> list[Problem]:
    problems = []
    for row in np.flatnonzero(wrong).tolist():
        where = f"row {id_text(row_ids[row])}{suffix.replace('_', ', ', 1)}"
        if ours[row] == theirs[row]:
            message = f"must have the run's probabilities, but one is off by {off[row]:.2g}."
        else:
            mine, other = _shown(ours[row]), _shown(theirs[row])
            message = f"must be answered {mine}, as by the run, but is {other}."
        problems.append(Problem(where, message))
    return problems


def _shown(answer: Any) -> str:
    return excerpt(answer, _SHOWN) if isinstance(answer, list) else repr(answer)


def _check_columns(table: pd.DataFrame, wanted: Sequence[str]) -> None:
    problems = [
        Problem(name, "must be among the columns of the answers, but is not.")
        for name in wanted
        if name not in table.columns
    ]
    if problems:
        raise BundleError("The answers cannot be compared.", problems)
