"""Several labels a row: predictions fit together, and come back from the disk as they went."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import DataError, RunNotFoundError
from dsf.core.multilabel_predictions import MultiLabelPredictions

FIELDS = ("row_ids", "targets", "probabilities", "thresholds")


def make(rows=3, **changes):
    generator = np.random.default_rng(0)
    fields = {
        "row_ids": generator.permutation(rows),
        "targets": generator.integers(0, 2, (rows, 2)),
        "probabilities": generator.random((rows, 2)),
        "thresholds": np.array([0.5, 0.25]),
        "labels": ["rude", "prediction_ü"],
    }
    return MultiLabelPredictions(**(fields | changes))


@given(st.integers(0, 9))
def test_round_trip(tmp_path_factory, rows):
    given_ = make(rows)
    path = tmp_path_factory.mktemp("p") / "predictions.parquet"
    given_.write(path)
    read = MultiLabelPredictions.read(path)
    assert read.labels == given_.labels
    for name in (*FIELDS, "predictions"):
        assert np.array_equal(getattr(read, name), getattr(given_, name))


def test_a_label_is_answered_above_its_threshold_only():
    made = make(2, probabilities=np.array([[0.5, 0.26], [0.51, 0.25]]))
    assert made.predictions.tolist() == [[0, 1], [1, 0]]


def test_answers_that_were_decided_otherwise_come_back(tmp_path):
    decided = np.array([[1, 0], [0, 0], [1, 1]])
    given_ = make(decided=decided, probabilities=np.array([[0.1, 0.9], [0.9, 0.9], [0.1, 0.1]]))
    assert given_.predictions.tolist() == decided.tolist()
    given_.write(tmp_path / "predictions.parquet")
    read = MultiLabelPredictions.read(tmp_path / "predictions.parquet")
    assert read.predictions.tolist() == decided.tolist()
    assert read.to_frame().equals(given_.to_frame())


def test_all_problems_are_named_at_once():
    with pytest.raises(DataError) as caught:
        make(
            row_ids=np.array([1, 1, 2]),
            labels=["a", "a"],
            targets=np.array([[0, 1], [2, 0], [0, 0]]),
            probabilities=np.array([[0.1, 0.1], [0.1, np.nan], [1.5, 0.0]]),
            thresholds=np.array([0.5, -1.0]),
            decided=np.array([[0, 1], [1, 0], [0, 7]]),
        )
    message = str(caught.value)
    assert "row_ids: must be unique, but these repeat: [1]" in message
    assert "labels: must be unique, but these repeat: ['a']" in message
    assert "targets: must be 0 or 1, but are not in rows [1]" in message
    assert "decided: must be 0 or 1, but are not in rows [2]" in message
    assert "probabilities: must be numbers between 0 and 1, but are not in rows [1, 2]" in message
    assert "thresholds: must be numbers between 0 and 1, but are [0.5, -1.0]" in message


def test_shapes_that_do_not_fit_are_named_first():
    with pytest.raises(DataError) as caught:
        make(targets=np.zeros((2, 2)), thresholds=np.zeros(3), decided=np.zeros((3, 1)))
    assert "decided: must have shape (3, 2), but has (3, 1)" in str(caught.value)
    assert "targets: must have shape (3, 2), but has (2, 2)" in str(caught.value)
    assert "thresholds: must have shape (2,), but has (3,)" in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RunNotFoundError, match=r"none\.parquet: a file of predictions"):
        MultiLabelPredictions.read(tmp_path / "none.parquet")


@pytest.mark.parametrize("decided", [None, np.array([[1, 0], [0, 0], [1, 1]])])
def test_some_rows_are_taken_in_the_order_they_are_named(decided):
    made = make(decided=decided)
    taken = made.take(np.array([2, 0]))
    assert taken.to_frame().equals(made.to_frame().iloc[[2, 0]].reset_index(drop=True))
    assert taken.predictions.tolist() == made.predictions[[2, 0]].tolist()


def test_without_probabilities_the_answers_must_be_there(tmp_path):
    with pytest.raises(DataError, match="probabilities: must be there where no answers are decid"):
        make(probabilities=None)
    decided = np.array([[1, 0], [0, 0], [1, 1]])
    made = make(probabilities=None, decided=decided)
    made.write(tmp_path / "p.parquet")
    for one in (MultiLabelPredictions.read(tmp_path / "p.parquet"), made.take(np.arange(3))):
        assert one.probabilities is None
        assert one.predictions.tolist() == decided.tolist()
