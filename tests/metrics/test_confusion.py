from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import DataError
from dsf.metrics import confusion_matrix

LABEL_SETS = [[0, 1], ["no", "yes"], list(range(7)), ["b", "a", "c"], [2, "two"], [10]]


@st.composite
def answers(draw: st.DrawFn) -> tuple[list[Any], list[Any], list[Any]]:
    labels = draw(st.sampled_from(LABEL_SETS))
    pairs = draw(st.lists(st.tuples(st.sampled_from(labels), st.sampled_from(labels))))
    return [true for true, _ in pairs], [answer for _, answer in pairs], labels


@given(answers())
def test_counts_each_pair_of_truth_and_answer(case: tuple[list[Any], list[Any], list[Any]]) -> None:
    targets, predictions, labels = case
    matrix = confusion_matrix(targets, predictions, labels)
    pairs = list(zip(targets, predictions, strict=True))
    expected = [[pairs.count((true, answer)) for answer in labels] for true in labels]
    assert matrix.dtype == np.int64
    assert matrix.tolist() == expected


def test_agrees_with_scikit_learn_on_many_rows() -> None:
    rng = np.random.default_rng(0)
    targets, predictions = rng.integers(0, 9, (2, 5_000))
    expected = sklearn.metrics.confusion_matrix(targets, predictions, labels=range(9))
    assert (confusion_matrix(targets, predictions, range(9)) == expected).all()


def test_the_order_of_the_labels_is_the_order_of_the_matrix() -> None:
    matrix = confusion_matrix(np.array(["yes", "no", "no"]), ["no", "no", "no"], ["yes", "no"])
    assert matrix.tolist() == [[0, 1], [0, 2]]


@pytest.mark.parametrize(
    ("targets", "predictions", "labels"),
    [
        (np.array([0.0, 1.0]), [0, 1], [0, 1]),
        (np.array([False, True]), np.array([0, 1], dtype=np.int8), [0, 1]),
        (np.array(["a", "b"], dtype=object), np.array(["a", "b"]), ["a", "b"]),
    ],
    ids=["floats", "booleans", "object and text"],
)
def test_equal_values_of_other_types_are_the_same_label(
    targets: Any, predictions: Any, labels: list[Any]
) -> None:
    assert confusion_matrix(targets, predictions, labels).tolist() == [[1, 0], [0, 1]]


def test_no_rows_give_zeros() -> None:
    assert confusion_matrix([], [], ["a", "b"]).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("targets", "predictions", "labels", "said"),
    [
        ([0, 1], [0], [0, 1], "2 targets and 1 predictions"),
        ([[0, 1]], [[0, 1]], [0, 1], r"targets: must have shape \(rows,\), but has \(1, 2\)"),
        ([0, 5], [0, 1], [0, 1], r"targets: must be among the labels, but rows \[1\] have \[5\]"),
        ([0, 1], [0, None], [0, 1], r"predictions: .* rows \[1\] have \[None\]"),
        ([0, 1], np.array([np.nan, 1.0]), [0, 1], r"predictions: .* rows \[0\] have \[nan\]"),
        (["1", 1], [1, 1], [1, 2], r"rows \[0\] have \['1'\]"),
        ([0], [0], [0, 0], "each once"),
        ([], [], [], "at least one value"),
    ],
)
def test_what_cannot_be_counted_is_named(
    targets: Any, predictions: Any, labels: list[Any], said: str
) -> None:
    with pytest.raises(DataError, match=said):
        confusion_matrix(targets, predictions, labels)


def test_unknown_labels_of_both_sides_are_named_together_by_row_id() -> None:
    with pytest.raises(DataError) as error:
        confusion_matrix([9] * 8, [0] * 7 + [8], [0, 1], row_ids=np.arange(100, 108))
    problems = {problem.where: problem.message for problem in error.value.problems}
    assert "rows [100, 101, 102, 103, 104] and 3 more have [9, 9, 9, 9, 9]" in problems["targets"]
    assert "rows [107] have [8]" in problems["predictions"]
