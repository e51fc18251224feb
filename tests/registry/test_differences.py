"""Answers that round otherwise are the same; those that are others are found, row by row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import BundleError
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.inference.answer_table import make_answer_table
from dsf.registry.differences import find_differences

if TYPE_CHECKING:
    from dsf.core.prediction_kinds import AnyPredictions

TOLERANCE = 1e-4
SEEDS = st.integers(0, 10**6)
KINDS = st.sampled_from(["single", "multi_output", "multilabel", "tags"])


def make_answers(kind: str, seed: int, rows: int = 12) -> AnyPredictions:
    random = np.random.default_rng(seed)
    ids = np.arange(rows) * 3
    if kind == "multi_output":
        return MultiOutputPredictions(
            {name: one_label(random, ids, [name, 7, "x y"]) for name in ("a", "b")}
        )
    if kind == "multilabel":
        return MultiLabelPredictions(
            ids, np.zeros((rows, 3)), random.random((rows, 3)), random.random(3), ["a", "b", "c"]
        )
    if kind == "tags":
        return tagged(random, ids)
    return one_label(random, ids, ["a", "b", "c"])


def one_label(random: np.random.Generator, ids: np.ndarray, labels: list[Any]) -> Predictions:
    values = np.asarray(labels, dtype=object)
    chances = random.dirichlet(np.ones(len(labels)), len(ids))
    answers = values[chances.argmax(axis=1)]
    return Predictions(ids, np.full(len(ids), labels[0], dtype=object), answers, labels, chances)


def tagged(random: np.random.Generator, ids: np.ndarray) -> TagPredictions:
    words = [["oslo"] * int(random.integers(1, 5)) for _ in ids]
    tags = [random.choice(["O", "B-city"], len(row)).tolist() for row in words]
    return TagPredictions(
        row_ids=ids,
        texts=[" ".join(row) for row in words],
        starts=[[5 * at for at in range(len(row))] for row in words],
        tokens=words,
        targets=[["O"] * len(row) for row in words],
        predictions=tags,
        confidences=[random.uniform(0.6, 1.0, len(row)).tolist() for row in words],
        tags=["O", "B-city"],
        scheme="iob2",
    )


def table_of(answers: AnyPredictions) -> pd.DataFrame:
    """What a served bundle would answer that gives these answers."""
    rows = len(answers.row_ids)
    table = make_answer_table(
        answers, np.ones(rows), np.zeros(rows, dtype=bool), pd.RangeIndex(rows)
    )
    assert isinstance(table, pd.DataFrame)
    return table


def probabilities_in(table: pd.DataFrame) -> list[str]:
    return [name for name in table.columns if name.startswith("probabilit")]


def shift(value: Any, by: float) -> Any:
    """Change a probability, or those of all words, so that it stays one."""
    values = np.asarray(value, dtype=np.float64)
    return np.where(values > 0.5, values - by, values + by).tolist()


@given(KINDS, SEEDS, st.floats(0, 0.9))
def test_what_rounds_otherwise_is_the_same(kind: str, seed: int, share: float) -> None:
    answers = make_answers(kind, seed)
    table = table_of(answers)
    for name in probabilities_in(table):
        table[name] = [shift(value, share * TOLERANCE) for value in table[name]]
    assert find_differences(answers, table, TOLERANCE) == []


@given(KINDS, SEEDS, st.integers(0, 11), st.floats(1.1, 1000))
def test_a_probability_that_is_off_is_found(kind: str, seed: int, row: int, times: float) -> None:
    answers = make_answers(kind, seed)
    table = table_of(answers)
    name = probabilities_in(table)[0]
    cells = table[name].tolist()
    cells[row] = shift(cells[row], times * TOLERANCE)
    table[name] = pd.Series(cells, dtype=table[name].dtype)
    (problem,) = find_differences(answers, table, TOLERANCE)
    assert problem.where.startswith(f"row {3 * row}")
    assert "must have the run's probabilities, but one is off by" in problem.message


@given(KINDS, SEEDS, st.integers(0, 11))
def test_another_label_is_found(kind: str, seed: int, row: int) -> None:
    answers = make_answers(kind, seed)
    table = table_of(answers)
    name = next(one for one in ("label", "label_a", "labels", "tags") if one in table)
    cells = table[name].tolist()
    cells[row] = [*cells[row], "new"] if isinstance(cells[row], list) else "new"
    table[name] = pd.Series(cells, dtype=object)
    (problem,) = find_differences(answers, table, TOLERANCE)
    assert problem.where.startswith(f"row {3 * row}")
    assert "'new'" in problem.message


def test_a_label_may_differ_only_where_two_are_equally_probable() -> None:
    chances = np.array([[0.5, 0.5, 0.0], [0.49, 0.51, 0.0], [0.49998, 0.50002, 0.0]])
    answers = Predictions.from_probabilities([1, 2, 3], ["a"] * 3, chances, ["a", "b", "c"])
    table = table_of(answers)
    table["label"] = ["b", "a", "a"]
    (problem,) = find_differences(answers, table, TOLERANCE)
    assert problem.where == "row 2"
    table["label"] = ["c", "b", "b"]
    assert [one.where for one in find_differences(answers, table, TOLERANCE)] == ["row 1"]


def test_thresholds_are_respected() -> None:
    chances = np.array([[0.3, 0.9], [0.29999, 0.9], [0.2, 0.9]])
    answers = MultiLabelPredictions(
        np.arange(3), np.zeros((3, 2)), chances, np.array([0.3, 0.5]), ["a", "b"]
    )
    table = table_of(answers)
    assert table["labels"].tolist() == [["b"], ["b"], ["b"]]
    table["labels"] = pd.Series([["b", "a"]] * 3, dtype=object)
    assert [one.where for one in find_differences(answers, table, TOLERANCE)] == ["row 2"]
    table["labels"] = pd.Series([["a"]] * 3, dtype=object)
    assert len(find_differences(answers, table, TOLERANCE)) == 3


def test_other_words_are_another_answer() -> None:
    answers = make_answers("tags", 1)
    table = table_of(answers)
    table.at[4, "tokens"] = ["Oslo"] * len(table["tokens"][4])
    assert [one.where for one in find_differences(answers, table, TOLERANCE)] == ["row 12"]


def test_a_tag_may_differ_only_where_two_are_equally_probable() -> None:
    answers = make_answers("tags", 1)
    chances = [[0.5] * len(row) for row in answers.confidences]
    close = replace(answers, confidences=chances)
    turned = [["O" if tag != "O" else "B-city" for tag in row] for row in answers.predictions]
    table = table_of(close)
    table["tags"] = pd.Series(turned, dtype=object)
    assert find_differences(close, table, TOLERANCE) == []
    sure = table_of(answers)
    sure["tags"] = pd.Series(turned, dtype=object)
    assert len(find_differences(answers, sure, TOLERANCE)) == 12


def test_of_tags_only_those_are_shown_that_differ() -> None:
    answers = make_answers("tags", 1)
    table = table_of(answers)
    row = next(at for at, tags in enumerate(answers.predictions) if len(tags) > 2)
    before = answers.predictions[row][1]
    after = "O" if before != "O" else "B-city"
    table.at[row, "tags"] = [answers.predictions[row][0], after, *answers.predictions[row][2:]]
    (problem,) = find_differences(answers, table, TOLERANCE)
    assert problem.where == f"row {3 * row}"
    assert problem.message == f"must be answered ['{before}'], as by the run, but is ['{after}']."


def test_the_output_is_named() -> None:
    answers = make_answers("multi_output", 1)
    table = table_of(answers)
    table["label_b"] = "new"
    problems = find_differences(answers, table, TOLERANCE)
    assert len(problems) == 12
    assert problems[0].where == "row 0, b"


def test_no_number_is_no_probability() -> None:
    answers = make_answers("single", 1)
    table = table_of(answers)
    table.loc[3, "probability_a"] = np.nan
    (problem,) = find_differences(answers, table, TOLERANCE)
    assert problem.where == "row 9"


def test_lacking_rows_and_columns_are_said() -> None:
    answers = make_answers("single", 1)
    with pytest.raises(BundleError, match="must be 12, one a row, but are 11"):
        find_differences(answers, table_of(answers).head(11), TOLERANCE)
    lacking = table_of(answers).drop(columns=["label", "probability_b"])
    with pytest.raises(BundleError) as caught:
        find_differences(answers, lacking, TOLERANCE)
    assert [one.where for one in caught.value.problems] == ["label", "probability_b"]
