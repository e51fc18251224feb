"""What each row adds to the counts of labels, beside a loop over its labels, tokens or entities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsf.core.errors import DataError
from dsf.core.tagging import SCHEMES, tags_to_spans
from dsf.metrics.answers import (
    EntityAnswers,
    MultiLabelAnswers,
    OutputAnswers,
    SingleAnswers,
    TagAnswers,
    answers_of,
)
from dsf.metrics.statistics import RowKinds
from dsf.testing.random_predictions import KINDS, MODES, make_predictions

SIZES = {"rows": st.integers(1, 9), "labels": st.integers(1, 4), "seed": st.integers(0, 99)}


def items_of(predictions: Any, row: int, scheme: str | None) -> tuple[list[Any], list[Any]]:
    """What is true of a row, and what was answered: places and labels."""
    if hasattr(predictions, "tags"):
        sides = predictions.targets[row], predictions.predictions[row]
        if scheme is not None:
            true, answered = (tags_to_spans(tags, scheme) for tags in sides)
            return true, answered
        return tuple([(n, n, tag) for n, tag in enumerate(tags)] for tags in sides)  # type: ignore[return-value]
    sides = predictions.targets[row], predictions.predictions[row]
    if predictions.targets.ndim == 2:
        names = predictions.labels
        return tuple([(0, 0, names[n]) for n in np.flatnonzero(side)] for side in sides)  # type: ignore[return-value]
    return [(0, 0, sides[0])], [(0, 0, sides[1])]


def units_of(predictions: Any, row: int) -> tuple[int, int]:
    """How many units of a row are right, and how many there are."""
    true, answered = predictions.targets[row], predictions.predictions[row]
    if hasattr(predictions, "tags"):
        return sum(t == a for t, a in zip(true, answered, strict=True)), len(true)
    return int(np.array_equal(true, answered)), 1


@pytest.mark.parametrize(
    ("kind", "scheme"),
    [("single", None), ("multilabel", None), ("tags", None), *(("entities", s) for s in SCHEMES)],
)
@settings(max_examples=25)
@given(mode=st.sampled_from(MODES), **SIZES)
def test_each_row_adds_what_a_loop_finds(
    kind: str, scheme: str | None, mode: str, rows: int, labels: int, seed: int
) -> None:
    options = {} if scheme is None else {"scheme": scheme}
    predictions = make_predictions(kind, mode, rows=rows, labels=labels, seed=seed, **options)
    answers = answers_of(predictions)
    kinds = answers.label_sums
    found = kinds.table[kinds.codes].toarray()
    names = list(answers.labels)
    for row in range(rows):
        true, answered = items_of(predictions, row, scheme)
        hits = [item for item in true if item in answered]
        counts = [
            sum(item[-1] == name for item in items)
            for items in (hits, true, answered)
            for name in names
        ]
        assert found[row].tolist() == [*counts, *units_of(predictions, row)]
    assert len(kinds) == len({tuple(row) for row in found.tolist()})  # no two kinds are one


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_predictions_has_its_answers(kind: str) -> None:
    answers = answers_of(make_predictions(kind))
    made = {
        "single": SingleAnswers,
        "multi_output": OutputAnswers,
        "multilabel": MultiLabelAnswers,
        "tags": TagAnswers,
        "entities": EntityAnswers,
    }
    assert type(answers) is made[kind]
    assert (answers.kind, answers.rows) == (kind, 40)
    assert answers.label_sums is answers.label_sums


def test_a_row_that_was_changed_afterwards_is_named() -> None:
    predictions = make_predictions("single", rows=5)
    predictions.predictions[3] = "other"
    with pytest.raises(DataError, match=r"rows \[3\]"):
        answers_of(predictions)


def test_kinds_of_some_rows_are_shared_by_who_asks_for_the_same_rows() -> None:
    kinds = RowKinds(np.array([0, 1, 1]), np.array([[1.0], [2.0]]))
    rows = np.array([2, 0])
    assert kinds.take(rows) is kinds.take(rows)
    assert kinds.take(rows).codes.tolist() == [1, 0]
    assert kinds.take(np.array([1, 1])).codes.tolist() == [1, 1]
    assert (len(kinds), kinds.rows) == (2, 3)
