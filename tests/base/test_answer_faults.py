"""Predictions must be of the rows that were asked, next to their own truth."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.base.outcome import as_predictions
from dsf.core.errors import HookResultError
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.data import LabelLayout
from dsf.testing.random_predictions import KINDS, make_predictions

ROWS = 8


class Project:
    """Answers with what it is given."""

    def execute(self):
        """Do nothing; named in errors."""


def layout_and_rows(answers):
    """Give rows that have the truth of predictions."""
    ids = {"row_id": answers.row_ids}
    if isinstance(answers, MultiOutputPredictions):
        truth = {name: each.targets for name, each in answers.outputs.items()}
        return LabelLayout("multi_output", tuple(truth)), pd.DataFrame(ids | truth)
    if isinstance(answers, MultiLabelPredictions):
        truth = dict(zip(answers.labels, answers.targets.T, strict=True))
        return LabelLayout("multilabel", tuple(truth)), pd.DataFrame(ids | truth)
    if isinstance(answers, TagPredictions):
        truth = {"tokens": answers.tokens, "tags": answers.targets}
        return LabelLayout("tags", ("tags",)), pd.DataFrame(ids | truth)
    return LabelLayout("single", ("y",)), pd.DataFrame(ids | {"y": answers.targets})


def read(answers, rows, layout):
    return as_predictions(Project(), answers, rows, layout, {"label_names": ["a", "b"]})


def refusal(answers, rows, layout):
    with pytest.raises(HookResultError, match=r"Project\.execute \(.*test_answer_faults") as caught:
        read(answers, rows, layout)
    return str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
@given(order=st.permutations(range(ROWS)))
def test_any_order_is_that_of_the_rows_in_the_end(kind, order):
    answers = make_predictions(kind, rows=ROWS)
    layout, rows = layout_and_rows(answers)
    for known in (layout, None):
        found = read(answers.take(np.array(order)), rows, known)
        pd.testing.assert_frame_equal(found.to_frame(), answers.to_frame())


@pytest.mark.parametrize("kind", KINDS)
def test_rows_without_an_answer_and_answers_without_a_row_are_named(kind):
    answers = make_predictions(kind, rows=ROWS)
    layout, rows = layout_and_rows(answers)
    message = refusal(answers.take(np.arange(5)), rows, layout)
    assert "each row of self.dataset_test once, but 3 rows got no answer (row_id [5, 6, 7])." in (
        message
    )
    message = refusal(answers, rows.iloc[1:], layout)
    assert "but 1 answer is of another row (row_id [0])." in message
    moved = rows.assign(row_id=rows["row_id"] + 100)
    message = refusal(answers, moved, layout)
    assert "8 rows got no answer (row_id [100, 101, 102, 103, 104, …]) and 8 answers are of" in (
        message
    )


@pytest.mark.parametrize("kind", KINDS)
def test_another_truth_is_named_with_its_rows(kind):
    answers = make_predictions(kind, rows=ROWS, seed=1)
    layout, rows = layout_and_rows(answers)
    column = layout.columns[-1]
    first = rows[column].iloc[3]
    changed = [*rows[column]]
    if isinstance(first, list):
        assert first, "the row needs a tag"
        changed[3] = [f"not {tag}" for tag in first]
    else:
        changed[3] = 1 - first if kind == "multilabel" else f"not {first}"
    message = refusal(answers, rows.assign(**{column: changed}), layout)
    assert f"must give the true labels that self.dataset_test has, but {column!r} differs in 1" in (
        message
    )
    assert "(row_id [3])." in message


def test_numbers_and_the_same_as_text_are_one_truth():
    rows = pd.DataFrame({"row_id": [5, 6], "y": [0, 1]})
    layout = LabelLayout("single", ("y",))
    texts = Predictions(np.array([5, 6]), np.array(["0", "1"]), np.array(["0", "0"]), ["0", "1"])
    assert read(texts, rows, layout) is texts
    turned = replace(texts, targets=np.array(["1", "0"]))
    assert "'y' differs in 2 rows (row_id [5, 6])" in refusal(turned, rows, layout)


def test_tags_of_other_tokens_are_compared_by_their_rows_alone():
    answers = make_predictions("tags", rows=ROWS, seed=1)
    layout, rows = layout_and_rows(answers)
    joined = rows.assign(tokens=[["another"]] * ROWS, tags=[["x"]] * ROWS)
    assert read(answers, joined, layout) is answers


def test_answers_of_another_kind_than_the_labels_are_compared_by_their_rows_alone():
    """A project may make one label out of several."""
    answers = make_predictions("multilabel", rows=ROWS)
    _, rows = layout_and_rows(make_predictions("single", rows=ROWS))
    assert read(answers, rows, LabelLayout("single", ("y",))) is answers
