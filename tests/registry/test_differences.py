"""Answers that round otherwise are the same; those that are others are found, row by row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.answer_differences import find_differences as core_differences
from dsf.core.errors import BundleError
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.inference.answer_table import make_answer_table
from dsf.registry.differences import describe_differences

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


def moved(answers: AnyPredictions, by: float, rows: Any = slice(None)) -> pd.DataFrame:
    """The table with one probability of each of the rows moved; another one makes up for it."""
    table = table_of(answers)
    if isinstance(answers, TagPredictions):
        cells = table["probabilities"].tolist()
        cells[rows] = _shifted(cells[rows], by)
        table["probabilities"] = pd.Series(cells, dtype=object)
        return table
    names = [name for name in table.columns if name.startswith("probability")]
    for first in range(0, 3 if isinstance(rows, int) else len(names), 3):
        chances = table[names[first : first + 3]].to_numpy(copy=True)
        if isinstance(answers, MultiLabelPredictions):
            chances[rows, :1] = _shifted(chances[rows, :1], by)
        else:
            shares, high = np.zeros_like(chances), chances.argmax(axis=1)
            shares[np.arange(len(chances)), high] = -by
            shares[np.arange(len(chances)), (high + 1) % 3] = by
            chances[rows] += shares[rows]
        table[names[first : first + 3]] = chances
    return table


def replace_probabilities(answers: AnyPredictions, table: pd.DataFrame) -> AnyPredictions:
    """The answers with the probabilities of a table."""
    if isinstance(answers, TagPredictions):
        return replace(answers, confidences=table["probabilities"].tolist())
    if isinstance(answers, MultiOutputPredictions):
        outputs = {
            name: replace(one, probabilities=chances_of(table, f"probability_{name}_"))
            for name, one in answers.outputs.items()
        }
        return MultiOutputPredictions(outputs)
    return replace(answers, probabilities=chances_of(table, "probability_"))


def chances_of(table: pd.DataFrame, prefix: str) -> np.ndarray:
    names = [name for name in table.columns if name.startswith(prefix)]
    found: np.ndarray = table[names].to_numpy()
    return found


def _shifted(value: Any, by: float) -> Any:
    """Change probabilities so that they stay ones."""
    if isinstance(value, list) and value and isinstance(value[0], list):
        return [_shifted(row, by) for row in value]
    values = np.asarray(value, dtype=np.float64)
    changed = np.where(values > 0.5, values - by, values + by)
    return changed.tolist() if isinstance(value, list) else changed


@given(KINDS, SEEDS, st.floats(0, 0.9))
def test_what_rounds_otherwise_is_the_same(kind: str, seed: int, share: float) -> None:
    answers = make_answers(kind, seed)
    assert describe_differences(answers, moved(answers, share * TOLERANCE), TOLERANCE) == []


@given(KINDS, SEEDS, st.integers(0, 11), st.floats(1.1, 1000))
def test_a_probability_that_is_off_is_found(kind: str, seed: int, row: int, times: float) -> None:
    answers = make_answers(kind, seed)
    by = times * TOLERANCE
    (problem,) = describe_differences(answers, moved(answers, by, row), TOLERANCE)
    assert problem.where.startswith(f"row {3 * row}")
    told, _, off = problem.message.removesuffix(".").rpartition(" by ")
    assert told == "must have the run's probabilities, but one is off"
    assert float(off) == pytest.approx(by, rel=0.1)


@given(KINDS, SEEDS, st.integers(0, 11))
def test_another_label_is_found(kind: str, seed: int, row: int) -> None:
    answers = make_answers(kind, seed)
    table = table_of(answers)
    name = next(one for one in ("label", "label_a", "labels", "tags") if one in table)
    cells = table[name].tolist()
    cells[row] = [*cells[row], "new"] if isinstance(cells[row], list) else "new"
    table[name] = pd.Series(cells, dtype=object)
    (problem,) = describe_differences(answers, table, TOLERANCE)
    assert problem.where.startswith(f"row {3 * row}")
    assert "'new'" in problem.message


def test_a_label_may_differ_only_where_two_are_equally_probable() -> None:
    chances = np.array([[0.5, 0.5, 0.0], [0.49, 0.51, 0.0], [0.49998, 0.50002, 0.0]])
    answers = Predictions.from_probabilities([1, 2, 3], ["a"] * 3, chances, ["a", "b", "c"])
    table = table_of(answers)
    table["label"] = ["b", "a", "a"]
    (problem,) = describe_differences(answers, table, TOLERANCE)
    assert problem.where == "row 2"
    table["label"] = ["c", "b", "b"]
    assert [one.where for one in describe_differences(answers, table, TOLERANCE)] == ["row 1"]


def test_thresholds_are_respected() -> None:
    chances = np.array([[0.3, 0.9], [0.29999, 0.9], [0.2, 0.9]])
    answers = MultiLabelPredictions(
        np.arange(3), np.zeros((3, 2)), chances, np.array([0.3, 0.5]), ["a", "b"]
    )
    table = table_of(answers)
    assert table["labels"].tolist() == [["b"], ["b"], ["b"]]
    table["labels"] = pd.Series([["b", "a"]] * 3, dtype=object)
    assert [one.where for one in describe_differences(answers, table, TOLERANCE)] == ["row 2"]
    table["labels"] = pd.Series([["a"]] * 3, dtype=object)
    assert len(describe_differences(answers, table, TOLERANCE)) == 3


def test_other_words_are_another_answer() -> None:
    answers = make_answers("tags", 1)
    table = table_of(answers)
    table.at[4, "tokens"] = ["Oslo"] * len(table["tokens"][4])
    (problem,) = describe_differences(answers, table, TOLERANCE)
    assert problem.where == "row 12"
    assert "must be answered ['oslo'" in problem.message
    assert "but is ['Oslo'" in problem.message


def test_a_tag_may_differ_only_where_two_are_equally_probable() -> None:
    answers = make_answers("tags", 1)
    chances = [[0.5] * len(row) for row in answers.confidences]
    close = replace(answers, confidences=chances)
    turned = [["O" if tag != "O" else "B-city" for tag in row] for row in answers.predictions]
    table = table_of(close)
    table["tags"] = pd.Series(turned, dtype=object)
    assert describe_differences(close, table, TOLERANCE) == []
    sure = table_of(answers)
    sure["tags"] = pd.Series(turned, dtype=object)
    assert len(describe_differences(answers, sure, TOLERANCE)) == 12


def test_of_tags_only_those_are_shown_that_differ() -> None:
    answers = make_answers("tags", 1)
    table = table_of(answers)
    row = next(at for at, tags in enumerate(answers.predictions) if len(tags) > 2)
    before = answers.predictions[row][1]
    after = "O" if before != "O" else "B-city"
    table.at[row, "tags"] = [answers.predictions[row][0], after, *answers.predictions[row][2:]]
    (problem,) = describe_differences(answers, table, TOLERANCE)
    assert problem.where == f"row {3 * row}"
    assert problem.message == f"must be answered ['{before}'], as by the run, but is ['{after}']."


def test_the_output_is_named() -> None:
    answers = make_answers("multi_output", 1)
    table = table_of(answers)
    table["label_b"] = "new"
    problems = describe_differences(answers, table, TOLERANCE)
    assert len(problems) == 12
    assert problems[0].where == "row 0, b"


@pytest.mark.parametrize("value", [np.nan, -0.1, 1.1])
@pytest.mark.parametrize("kind", ["single", "multi_output", "multilabel", "tags"])
def test_what_is_no_probability_is_another_answer_and_shown(kind: str, value: float) -> None:
    answers = make_answers(kind, 1)
    table = table_of(answers)
    name = next(one for one in table.columns if one.startswith("probabilit"))
    cells = table[name].tolist()
    cells[3] = [value] * len(cells[3]) if kind == "tags" else value
    table[name] = pd.Series(cells, dtype=table[name].dtype)
    (problem,) = describe_differences(answers, table, TOLERANCE)
    assert problem.where.startswith("row 9")
    assert f"must have the run's probabilities, but has [{value}" in problem.message


@pytest.mark.parametrize("kind", ["single", "multi_output", "multilabel", "tags"])
def test_a_model_whose_answers_are_all_foreign_differs_in_every_row(kind: str) -> None:
    answers = make_answers(kind, 1)
    table = table_of(answers)
    for name in table.columns.intersection(["label", "label_a", "label_b", "labels", "tags"]):
        lists = name in ("labels", "tags")
        foreign = [["new"] * max(1, len(one)) if lists else "new" for one in table[name].tolist()]
        table[name] = pd.Series(foreign, dtype=object)
    problems = describe_differences(answers, table, TOLERANCE)
    assert len(problems) == (24 if kind == "multi_output" else 12)
    assert all("'new'" in one.message for one in problems)


def test_probabilities_that_do_not_sum_to_1_are_another_answer() -> None:
    answers = make_answers("single", 1)
    table = table_of(answers)
    table.loc[3, "probability_a"] /= 2
    (problem,) = describe_differences(answers, table, TOLERANCE)
    assert problem.where == "row 9"


def test_a_word_without_a_tag_is_another_answer() -> None:
    answers = make_answers("tags", 1)
    for name in ("tags", "probabilities"):
        table = table_of(answers)
        table.at[4, name] = table[name][4][:-1]
        assert [one.where for one in describe_differences(answers, table, TOLERANCE)] == ["row 12"]


@given(KINDS, SEEDS, st.floats(0, 5), st.integers(0, 11))
def test_the_same_rows_differ_as_in_the_core(kind: str, seed: int, times: float, row: int) -> None:
    """The rules stand in one place: what an export lets pass is not refused here."""
    answers = make_answers(kind, seed)
    chances = replace_probabilities(answers, table := moved(answers, times * TOLERANCE, row))
    wanted = core_differences(chances, answers, TOLERANCE).rows
    found = [one.where for one in describe_differences(answers, table, TOLERANCE)]
    assert [int(where.split()[1].rstrip(",")) for where in found] == wanted


def test_lacking_rows_and_columns_are_said() -> None:
    answers = make_answers("single", 1)
    with pytest.raises(BundleError, match="must be 12, one a row, but are 11"):
        describe_differences(answers, table_of(answers).head(11), TOLERANCE)
    lacking = table_of(answers).drop(columns=["label", "probability_b"])
    with pytest.raises(BundleError) as caught:
        describe_differences(answers, lacking, TOLERANCE)
    assert [one.where for one in caught.value.problems] == ["label", "probability_b"]
