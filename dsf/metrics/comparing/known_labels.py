"""Which labels a model answers, and which are true: what only one of two models knows is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import Problem
from dsf.core.excerpts import count, excerpt
from dsf.core.label_spelling import find_alike, spelling_problems
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics.comparing.verdict import FEWEST_UNITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

__all__ = ["KnownLabels", "label_notes", "label_problems", "tell_lone"]

_SHOWN = 20


@dataclass(frozen=True)
class KnownLabels:
    """The labels of one model's predictions.

    Attributes:
        model: How it is called: ``trained`` or ``existing``.
        what: How a label is called: ``label`` or ``tag``.
        labels: Those that it knows.
        true: Those that are true of a row.
        answered: Those that it answers in some row.
        find: Gives the ids of the rows that have one of some labels, true or answered:
            ``find(labels, "targets")`` or ``find(labels, "predictions")``.
        columns: Whether each label has a column of its own, and the truth with it.
        rows: How many rows there are.
    """

    model: str
    what: str
    labels: list[Any]
    true: set[Any]
    answered: set[Any]
    find: Callable[[Iterable[Any], str], NDArray[Any]]
    columns: bool = False
    rows: int = 0

    @classmethod
    def of(cls, model: str, side: Any) -> KnownLabels:
        """Find the labels of predictions of any kind but several outputs."""
        rows = len(side.row_ids)
        if isinstance(side, MultiLabelPredictions):
            true, answered = (
                {label for label, column in zip(side.labels, table.T, strict=True) if column.any()}
                for table in (side.targets, side.predictions)
            )
            find = _finder_of_columns(side)
            return cls(
                model, "label", list(side.labels), true, answered, find, columns=True, rows=rows
            )
        if isinstance(side, TagPredictions):
            true, answered = (
                {tag for row in tags for tag in row} for tags in (side.targets, side.predictions)
            )
            return cls(
                model, "tag", list(side.tags), true, answered, _finder_of_tags(side), rows=rows
            )
        assert isinstance(side, Predictions)
        true, answered = (set(row.tolist()) for row in (side.targets, side.predictions))
        return cls(
            model, "label", list(side.labels), true, answered, _finder_of_values(side), rows=rows
        )


def label_problems(mine: KnownLabels, theirs: KnownLabels) -> list[Problem]:
    """Refuse answers of one model that nobody else knows and that are written as if by mistake.

    Args:
        mine: The model whose answers are looked at.
        theirs: The other one.
    """
    # A column that one file alone has is in its truth, too: that says nothing of its spelling.
    true = theirs.true | (set() if mine.columns else mine.true)
    answered = set(mine.labels) if mine.columns else mine.answered
    known = true | set(theirs.labels)
    strange = sorted(answered - known, key=str)
    where, model = f"{mine.what}s", f"the {mine.model} model"
    alike = find_alike(strange, sorted(known, key=str))
    rows = {label: mine.find([label], "predictions") for label in alike}
    problems = spelling_problems(where, alike, rows, model)
    # Of very few rows, all may just be answered wrong; they decide nothing either.
    enough = mine.columns or mine.rows >= FEWEST_UNITS
    if not problems and enough and answered and not answered & known:
        ids = mine.find(strange, "predictions")
        message = (
            f"must be the same for both models, but none that {model} answers is known to the "
            f"other or true of a row: it answers {excerpt(strange, _SHOWN)} in "
            f"{count(len(ids), 'row')}, {excerpt(ids)}; true are "
            f"{excerpt(sorted(true, key=str), _SHOWN)}."
        )
        problems = [Problem(where, message)]
    return problems


def label_notes(mine: KnownLabels, theirs: KnownLabels) -> list[str]:
    """Say which labels one model knows and the other does not, and how many rows that concerns.

    Args:
        mine: The model that knows them.
        theirs: The one that does not.
    """
    alone = [label for label in mine.labels if label not in set(theirs.labels)]
    if not alone:
        return []
    true = [label for label in alone if label in mine.true]
    false = [label for label in alone if label not in mine.true]
    answered = [label for label in false if label in mine.answered]
    notes = []
    if true:
        rows = mine.find(true, "targets")
        notes.append(
            f"The {theirs.model} model does not know {_name(true, mine.what)}, true of "
            f"{_rows(rows)}. It never answers {'it' if len(true) == 1 else 'them'}, and that "
            "counts."
        )
    if answered:
        notes.append(tell_lone(mine, answered))
    if idle := [label for label in false if label not in mine.answered]:
        notes.append(
            f"The {theirs.model} model does not know {_name(idle, mine.what)}. No row has "
            f"{'it' if len(idle) == 1 else 'one'}."
        )
    return notes


def tell_lone(mine: KnownLabels, labels: list[Any]) -> str:
    """Say that one model alone answers labels that are true of no row, and where.

    Args:
        mine: The model that answers them.
        labels: At least one.
    """
    rows = mine.find(labels, "predictions")
    return (
        f"The {mine.model} model alone answers {_name(labels, mine.what)}, true of no row, in "
        f"{_rows(rows)}. That counts as wrong."
    )


def _name(labels: list[Any], what: str) -> str:
    number = f"the {what}" if len(labels) == 1 else f"{len(labels)} {what}s"
    return f"{number} {excerpt(labels, _SHOWN)}"


def _rows(ids: NDArray[Any]) -> str:
    return f"{count(len(ids), 'row')}: {excerpt(ids)}" if len(ids) else "no row"


def _finder_of_values(side: Predictions) -> Callable[[Iterable[Any], str], NDArray[Any]]:
    def find(labels: Iterable[Any], part: str) -> NDArray[Any]:
        wanted = set(labels)
        places = [value in wanted for value in getattr(side, part).tolist()]
        return np.asarray(side.row_ids[np.array(places, dtype=bool)])

    return find


def _finder_of_columns(
    side: MultiLabelPredictions,
) -> Callable[[Iterable[Any], str], NDArray[Any]]:
    def find(labels: Iterable[Any], part: str) -> NDArray[Any]:
        places = [list(side.labels).index(label) for label in labels]
        return np.asarray(side.row_ids[(getattr(side, part)[:, places] == 1).any(axis=1)])

    return find


def _finder_of_tags(side: TagPredictions) -> Callable[[Iterable[Any], str], NDArray[Any]]:
    def find(labels: Iterable[Any], part: str) -> NDArray[Any]:
        wanted = set(labels)
        places = [not wanted.isdisjoint(row) for row in getattr(side, part)]
        return np.asarray(side.row_ids[np.array(places, dtype=bool)])

    return find
