from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import example, given
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, DataError
from dsf.metrics import accuracy, confusion_matrix, f1, precision, recall

if TYPE_CHECKING:
    from collections.abc import Callable

SCORES: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "precision": (precision, sklearn.metrics.precision_score),
    "recall": (recall, sklearn.metrics.recall_score),
    "f1": (f1, sklearn.metrics.f1_score),
}
LABELS = range(5)

rows = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1)


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize("average", ["micro", "macro", "weighted"])
@given(rows)
@example([(0, 0)])
@example([(0, 1), (1, 0)])
@example([(0, 3), (0, 3), (4, 4)])
def test_averages_agree_with_scikit_learn(
    name: str, average: Any, pairs: list[tuple[int, int]]
) -> None:
    ours, theirs = SCORES[name]
    targets, predictions = zip(*pairs, strict=True)
    matrix = confusion_matrix(targets, predictions, LABELS)
    expected = theirs(targets, predictions, average=average, zero_division=0)
    assert ours(matrix, average) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", SCORES)
@given(rows)
def test_scores_of_each_label_agree_with_scikit_learn(
    name: str, pairs: list[tuple[int, int]]
) -> None:
    ours, theirs = SCORES[name]
    targets, predictions = zip(*pairs, strict=True)
    matrix = confusion_matrix(targets, predictions, LABELS)
    expected = theirs(targets, predictions, labels=LABELS, average=None, zero_division=0)
    assert ours(matrix, None) == pytest.approx(expected, abs=1e-12)


@given(rows)
def test_accuracy_agrees_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    targets, predictions = zip(*pairs, strict=True)
    matrix = confusion_matrix(targets, predictions, LABELS)
    assert accuracy(matrix) == pytest.approx(sklearn.metrics.accuracy_score(targets, predictions))
    assert accuracy(matrix) == pytest.approx(f1(matrix, "micro"))


def test_a_label_that_nobody_used_does_not_pull_the_macro_mean_down() -> None:
    matrix = [[4, 0, 0], [0, 6, 0], [0, 0, 0]]
    assert f1(matrix, "macro") == 1.0
    assert f1(matrix, None) == pytest.approx([1, 1, 0])


def test_all_wrong_is_zero_everywhere() -> None:
    matrix = [[0, 3], [2, 0]]
    assert accuracy(matrix) == 0.0
    for score, _ in SCORES.values():
        assert [score(matrix, average) for average in ("micro", "macro", "weighted")] == [0, 0, 0]


def test_no_rows_score_zero() -> None:
    matrix = np.zeros((3, 3), dtype=np.int64)
    assert accuracy(matrix) == 0.0
    for score, _ in SCORES.values():
        assert [score(matrix, average) for average in ("micro", "macro", "weighted")] == [0, 0, 0]


def test_an_average_is_a_python_number() -> None:
    for score, _ in SCORES.values():
        assert type(score([[1, 2], [3, 4]])) is float
    assert type(accuracy([[1, 2], [3, 4]])) is float


@pytest.mark.parametrize("score", [accuracy, precision, recall, f1])
def test_a_matrix_that_is_not_square_is_refused(score: Callable[..., Any]) -> None:
    with pytest.raises(DataError, match=r"must have shape \(labels, labels\), but has \(1, 2\)"):
        score([[1, 2]])


@pytest.mark.parametrize("score", [precision, recall, f1])
def test_an_unknown_average_is_refused(score: Callable[..., Any]) -> None:
    with pytest.raises(ConfigError, match="average: must be one of micro, macro, weighted"):
        score([[1]], "binary")
