"""Answers of any form, made into predictions of the kind that the rows have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.errors import IncumbentError, Problem
from dsf.core.excerpts import count, excerpt, first_problems
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.prediction_kinds import AnyPredictions
from dsf.incumbents.answers.label_sets import read_label_sets
from dsf.incumbents.answers.labels import read_labels
from dsf.incumbents.answers.tags import read_tags

if TYPE_CHECKING:
    from dsf.incumbents.answers.wanted import WantedAnswers

__all__ = ["read_answers"]


def read_answers(
    answers: Any, rows: pd.DataFrame, wanted: WantedAnswers, name: str
) -> AnyPredictions:
    """Put a model's answers next to the truth.

    Args:
        answers: One a row, in their order: a list, an array (of labels, or of probabilities with
            one column a label) or a table (columns named after labels); for ``multi_output`` also
            a mapping of each output to these. Predictions of :mod:`dsf.core` stay as they are.
        rows: The rows that were answered, with their true labels.
        wanted: What the answers must be.
        name: What the model is called in messages.

    Raises:
        IncumbentError: If they are not one a row, or a label or a probability is none; lists
            every problem with its rows.
    """
    if isinstance(answers, AnyPredictions):
        return _check_rows(answers, rows, name)
    each = _as_list(answers, wanted)
    ids = rows["row_id"].to_numpy()
    read: AnyPredictions | None
    if wanted.kind == "multi_output":
        read, problems = _read_outputs(each, rows, wanted)
    else:
        problems = _number_problems(each, len(rows), "answers")
        read = None
        if not problems and wanted.kind == "tags":
            read, problems = read_tags(each, rows, wanted, "answers")
        elif not problems and wanted.kind == "multilabel":
            targets = rows[list(wanted.names)].to_numpy(dtype=np.int8, copy=True)
            read, problems = read_label_sets(each, ids, targets, wanted, "answers")
        elif not problems:
            truth = rows[wanted.columns[0]].to_numpy()
            read, problems = read_labels(each, ids, truth, wanted.names, wanted, "answers")
    return _finish(read, problems, name)


def _read_outputs(
    answers: Any, rows: pd.DataFrame, wanted: WantedAnswers
) -> tuple[MultiOutputPredictions | None, list[Problem]]:
    """Read the answers of each output by itself."""
    by_output, problems = _by_output(answers, list(wanted.columns))
    outputs, ids = {}, rows["row_id"].to_numpy()
    for output, each in by_output.items():
        where = f"answers of {output}"
        faults, read = _number_problems(each, len(rows), where), None
        if not faults:
            targets, names = rows[output].to_numpy(), wanted.names[output]
            read, faults = read_labels(each, ids, targets, names, wanted, where)
        problems += faults
        if read is not None:
            outputs[output] = read
    return (None, problems) if problems else (MultiOutputPredictions(outputs), [])


def _by_output(answers: Any, outputs: list[str]) -> tuple[dict[str, Any], list[Problem]]:
    """Turn a mapping for each row into a list for each output."""
    if not isinstance(answers, Mapping):
        bad = [at for at, answer in enumerate(answers) if not isinstance(answer, Mapping)]
        if bad:
            message = f"must have an answer by output, but answers {excerpt(bad)} have none."
            return {}, [Problem("answers", message)]
        lacking = [name for name in outputs if any(name not in answer for answer in answers)]
        whole = {
            name: [answer[name] for answer in answers] for name in outputs if name not in lacking
        }
    else:
        lacking = [name for name in outputs if name not in answers]
        whole = {name: _listed(answers[name]) for name in outputs if name not in lacking}
    if lacking:
        message = f"must be there for each output, but are not for {', '.join(lacking)}."
        return {}, [Problem("answers", message)]
    return whole, []


def _as_list(answers: Any, wanted: WantedAnswers) -> Any:
    """Make a list of arrays and tables."""
    if isinstance(answers, Mapping) and wanted.kind == "multi_output":
        return answers
    return _listed(answers)


def _listed(answers: Any) -> list[Any]:
    if isinstance(answers, pd.DataFrame):
        return list(answers.to_dict(orient="records"))
    if hasattr(answers, "detach"):
        answers = answers.detach().cpu().numpy()
    if isinstance(answers, np.ndarray) and answers.ndim == 2 and answers.dtype.kind in "bif":
        return list(answers.astype(np.float64))  # whole numbers in a row are 0 and 1, not labels
    if isinstance(answers, str | bytes | Mapping) or not hasattr(answers, "__iter__"):
        message = f"must be one a row, in a list, but are {type(answers).__name__}."
        raise IncumbentError(_headline("The existing model"), [Problem("answers", message)])
    return list(answers)


def _number_problems(answers: Any, rows: int, where: str) -> list[Problem]:
    if len(answers) == rows:
        return []
    message = f"must be one a row, but are {len(answers)} for {count(rows, 'row')}."
    return [Problem(where, message)]


def _check_rows(answers: AnyPredictions, rows: pd.DataFrame, name: str) -> AnyPredictions:
    """Refuse predictions of other rows, or in another order."""
    if not np.array_equal(answers.row_ids, rows["row_id"].to_numpy()):
        message = "must have the row_id of the rows that were asked, in their order."
        raise IncumbentError(_headline(name), [Problem("predictions", message)])
    return answers


def _finish(read: AnyPredictions | None, problems: list[Problem], name: str) -> AnyPredictions:
    if problems or read is None:
        raise IncumbentError(_headline(name), first_problems(problems))
    return read


def _headline(name: str) -> str:
    return f"{name} gave answers that cannot be used."
