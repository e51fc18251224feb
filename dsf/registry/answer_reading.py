"""The table of a served bundle, read as predictions of the model that it was made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import BundleError, Problem
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from dsf.core.predictions import Predictions

__all__ = ["ReadAnswers", "read_answers"]

_ROUNDING = 1e-3  # how far the sum of a row may be off: predictions take no other


@dataclass(frozen=True)
class ReadAnswers:
    """What a served bundle answered, beside what its run did.

    Attributes:
        predictions: The rows that are answers of this model.
        foreign: Whether a row is none. Shape: ``(rows,)``.
        ours: What the run answered, row by row; of tags or words those that differ.
        theirs: What the bundle answered, row by row; in the same way.
        chances: The bundle's probabilities, row by row.
    """

    predictions: Predictions | MultiLabelPredictions | TagPredictions
    foreign: np.ndarray
    ours: Sequence[Any]
    theirs: Sequence[Any]
    chances: Sequence[Any] | np.ndarray


def read_answers(
    answers: Predictions | MultiLabelPredictions | TagPredictions,
    table: pd.DataFrame,
    output: str = "",
) -> ReadAnswers:
    """Read a table of answers as predictions of the same kind as the run's.

    Args:
        answers: Of the run, on the same rows in the same order.
        table: Of the served bundle.
        output: Which of several outputs is meant.

    Raises:
        BundleError: If columns are missing; names all.
    """
    if isinstance(answers, TagPredictions):
        return _read_tags(answers, table)
    if isinstance(answers, MultiLabelPredictions):
        return _read_sets(answers, table)
    return _read_labels(answers, table, f"_{output}" if output else "")


def _read_labels(answers: Predictions, table: pd.DataFrame, suffix: str) -> ReadAnswers:
    """Read answers that have one label a row."""
    columns = [f"probability{suffix}_{label}" for label in answers.labels]
    _check_columns(table, [f"label{suffix}", *columns])
    theirs, known = table[f"label{suffix}"].tolist(), set(answers.labels)
    chances = table[columns].to_numpy(dtype=np.float64)
    foreign = np.array([label not in known for label in theirs], dtype=bool)
    foreign |= _no_probabilities(chances) | ~(np.abs(chances.sum(axis=1) - 1) <= _ROUNDING)
    rows = np.flatnonzero(~foreign)
    labels = np.array([theirs[row] for row in rows], dtype=object)
    read = replace(answers.take(rows), predictions=labels, probabilities=chances[rows])
    return ReadAnswers(read, foreign, answers.predictions.tolist(), theirs, chances)


def _read_sets(answers: MultiLabelPredictions, table: pd.DataFrame) -> ReadAnswers:
    """Read answers that may have several labels a row."""
    labels = list(answers.labels)
    columns = [f"probability_{label}" for label in labels]
    _check_columns(table, ["labels", *columns])
    theirs = [sorted(map(str, row)) for row in table["labels"]]
    chances = table[columns].to_numpy(dtype=np.float64)
    foreign = np.array([not set(labels).issuperset(row) for row in theirs], dtype=bool)
    foreign |= _no_probabilities(chances)
    rows = np.flatnonzero(~foreign)
    decided = np.zeros((len(theirs), len(labels)), dtype=np.int8)
    for row, found in enumerate(theirs):
        decided[row] = [label in found for label in labels]
    read = replace(answers.take(rows), probabilities=chances[rows], decided=decided[rows])
    ours = [sorted(np.asarray(labels)[row > 0].tolist()) for row in answers.predictions]
    return ReadAnswers(read, foreign, ours, theirs, chances)


def _read_tags(answers: TagPredictions, table: pd.DataFrame) -> ReadAnswers:
    """Read answers that have a tag a word."""
    _check_columns(table, ["tokens", "tags", "probabilities"])
    words, tags = ([list(row) for row in table[name]] for name in ("tokens", "tags"))
    chances = [np.asarray(row, dtype=np.float64) for row in table["probabilities"]]
    ours, theirs = [list(row) for row in answers.predictions], list(tags)
    foreign, known = np.zeros(len(tags), dtype=bool), set(answers.tags)
    for row, wanted in enumerate(answers.tokens):
        if words[row] != list(wanted):
            foreign[row], ours[row], theirs[row] = True, list(wanted), words[row]
        elif not len(tags[row]) == len(chances[row]) == len(wanted):
            foreign[row] = True
        else:
            foreign[row] = not known.issuperset(tags[row]) or bool(_no_probabilities(chances[row]))
            apart = [at for at, tag in enumerate(tags[row]) if tag != ours[row][at]]
            ours[row], theirs[row] = ([of[row][at] for at in apart] for of in (ours, theirs))
    rows = np.flatnonzero(~foreign)
    read = replace(
        answers.take(rows),
        predictions=[tags[row] for row in rows],
        confidences=[chances[row].tolist() for row in rows],
    )
    return ReadAnswers(read, foreign, ours, theirs, chances)


def _no_probabilities(chances: np.ndarray) -> Any:
    """Find rows in which not every number is a probability; nan is none."""
    return ~((chances >= 0) & (chances <= 1)).all(axis=-1)


def _check_columns(table: pd.DataFrame, wanted: Sequence[str]) -> None:
    problems = [
        Problem(name, "must be among the columns of the answers, but is not.")
        for name in wanted
        if name not in table.columns
    ]
    if problems:
        raise BundleError("The answers cannot be compared.", problems)
