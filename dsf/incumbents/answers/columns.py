"""The columns of a table of predictions, made into one answer a row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.excerpts import excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["read_columns"]

_ANSWER = "prediction"
_PROBABILITY = "probability_"
_SWITCHES = {"0": 0, "0.0": 0, "false": 0, "1": 1, "1.0": 1, "true": 1}


def read_columns(
    table: pd.DataFrame, kind: str, labels: Any, columns: Sequence[str]
) -> tuple[list[Any], list[str]]:
    """Make answers of columns.

    Args:
        table: The file.
        kind: ``single``, ``multi_output``, ``multilabel`` or ``tags``.
        labels: All labels; a list for each output if there are several.
        columns: Names of the outputs.

    Returns:
        One answer a row of the table; and what is wrong with the columns, of which there is then
        no use.
    """
    if kind == "tags":
        return _read_tags(table)
    if kind == "multilabel":
        return _read_label_sets(table, list(labels))
    if kind == "single":
        return _read_output(table, _ANSWER, _PROBABILITY)
    outputs, problems = {}, []
    for output in columns:
        longer = [other for other in columns if other.startswith(f"{output}_")]
        outputs[output], faults = _read_output(
            table,
            f"{_ANSWER}_{output}",
            f"{_PROBABILITY}{output}_",
            tuple(f"{_PROBABILITY}{other}_" for other in longer),
        )
        problems += faults
    if problems:
        return [], problems
    each = zip(*outputs.values(), strict=True)
    return [dict(zip(outputs, answers, strict=True)) for answers in each], []


def _read_output(
    table: pd.DataFrame, answer: str, prefix: str, other: tuple[str, ...] = ()
) -> tuple[list[Any], list[str]]:
    """Read one label a row, with the probabilities that there are."""
    names = [
        name for name in map(str, table) if name.startswith(prefix) and not name.startswith(other)
    ]
    labels = table[answer].tolist() if answer in table else [None] * len(table)
    gone = np.array([pd.isna(value) or value == "" for value in labels], dtype=bool)
    if answer in table and gone.any():
        empty = excerpt(np.flatnonzero(gone) + 1)
        return [], [
            f"must have a {answer} in every row, but rows {empty}, counted from 1 below the "
            "header, have none."
        ]
    if not names:
        if answer not in table:
            return [], [_lacking([answer, f"{prefix}<label>"], table)]
        return labels, []
    values = table[names].to_numpy(dtype=object)
    keys = [name.removeprefix(prefix) for name in names]
    return [
        {"label": label, "probabilities": dict(zip(keys, row, strict=True))}
        for label, row in zip(labels, values, strict=True)
    ], []


def _read_label_sets(table: pd.DataFrame, labels: list[str]) -> tuple[list[Any], list[str]]:
    """Read any number of labels a row, from 0/1 columns and columns of probabilities."""
    answers = [f"{_ANSWER}_{label}" for label in labels]
    probabilities = [f"{_PROBABILITY}{label}" for label in labels]
    has_answers = any(name in table for name in answers)
    has_probabilities = any(name in table for name in probabilities)
    used = (answers if has_answers else []) + (probabilities if has_probabilities else [])
    lacking = [name for name in used or answers if name not in table]
    if lacking:
        return [], [_lacking(lacking, table)]
    decided: list[Any] = [None] * len(table)
    if has_answers:
        marks = table[answers].map(lambda value: _SWITCHES.get(str(value).lower(), -1)).to_numpy()
        bad = (marks < 0).any(axis=1)
        if bad.any():
            found = excerpt(np.flatnonzero(bad) + 1)
            return [], [
                f"must have 0 or 1 in the columns of predictions, but rows {found}, counted from 1 "
                "below the header, have not."
            ]
        names = np.asarray(labels, dtype=object)
        decided = [names[row].tolist() for row in marks == 1]
    if not has_probabilities:
        return decided, []
    values = table[probabilities].to_numpy(dtype=object)
    return [
        {"labels": names, "probabilities": dict(zip(labels, row, strict=True))}
        for names, row in zip(decided, values, strict=True)
    ], []


def _read_tags(table: pd.DataFrame) -> tuple[list[Any], list[str]]:
    """Read the tags of each token."""
    if _ANSWER not in table:
        return [], [_lacking([_ANSWER], table)]
    tags = [_as_list(value) for value in table[_ANSWER]]
    if "confidence" not in table:
        return tags, []
    confidences = [_as_list(value) for value in table["confidence"]]
    return [
        {"tags": row, "confidences": sure} for row, sure in zip(tags, confidences, strict=True)
    ], []


def _as_list(value: Any) -> list[Any]:
    """Take a list out of a cell: a list, JSON, or words with blanks between."""
    if isinstance(value, str):
        if value.lstrip().startswith("["):
            try:
                return list(json.loads(value))
            except ValueError:
                return value.split()
        return value.split()
    return list(value) if hasattr(value, "__iter__") else []


def _lacking(names: Sequence[str], table: pd.DataFrame) -> str:
    return (
        f"must have the columns {excerpt(names, 20)}, but has {excerpt(table.columns, 20)}. "
        "Rename them in the file."
    )
