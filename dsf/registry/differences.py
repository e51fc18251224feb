"""Where the answers of a served bundle differ from those that its run gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core import answer_differences
from dsf.core.errors import BundleError, Problem
from dsf.core.excerpts import excerpt
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.row_matching import id_text
from dsf.registry.answer_reading import ReadAnswers, read_answers

if TYPE_CHECKING:
    import pandas as pd

    from dsf.core.multilabel_predictions import MultiLabelPredictions
    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.core.predictions import Predictions
    from dsf.core.tag_predictions import TagPredictions

__all__ = ["describe_differences"]

_SHOWN = 8  # labels, or tags that differ, of one row


def describe_differences(
    answers: AnyPredictions, table: pd.DataFrame, tolerance: float
) -> list[Problem]:
    """Say row by row where a served bundle answers otherwise than its run did.

    The table is read as predictions, and these are held to the run's by
    :func:`dsf.core.answer_differences.find_differences`. A row that is no answer of this model at
    all differs in any case: it has a label that the model does not know, other words, or something
    in place of a probability that is none.

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
    if isinstance(answers, MultiOutputPredictions):
        return [
            problem
            for name, one in answers.outputs.items()
            for problem in _compare(one, table, tolerance, name)
        ]
    return _compare(answers, table, tolerance)


def _compare(
    answers: Predictions | MultiLabelPredictions | TagPredictions,
    table: pd.DataFrame,
    tolerance: float,
    output: str = "",
) -> list[Problem]:
    read = read_answers(answers, table, output)
    same_kind = answers.take(np.flatnonzero(~read.foreign))
    found = answer_differences.find_differences(read.predictions, same_kind, tolerance)
    far = dict(zip(found.rows, found.distances, strict=True))
    problems = []
    for row, row_id in enumerate(answers.row_ids.tolist()):
        if read.foreign[row] or row_id in far:
            where = f"row {id_text(row_id)}" + (f", {output}" if output else "")
            problems.append(Problem(where, _describe(read, row, far.get(row_id))))
    return problems


def _describe(read: ReadAnswers, row: int, distance: float | None) -> str:
    """Say what differs: the answer, or how probable it is; ``None`` if that is no probability."""
    ours, theirs = read.ours[row], read.theirs[row]
    if ours != theirs:
        return f"must be answered {_shown(ours)}, as by the run, but is {_shown(theirs)}."
    if distance is None:
        return f"must have the run's probabilities, but has {excerpt(read.chances[row], _SHOWN)}."
    return f"must have the run's probabilities, but one is off by {distance:.2g}."


def _shown(answer: Any) -> str:
    return excerpt(answer, _SHOWN) if isinstance(answer, list) else repr(answer)
