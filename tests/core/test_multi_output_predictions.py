"""Several outputs of the same rows fit together, and come back from the disk as they went."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import DataError, RunNotFoundError
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.predictions import Predictions

FIELDS = ("row_ids", "targets", "predictions", "labels", "probabilities")


def single(ids, labels, seed=0, *, sure=True):
    generator = np.random.default_rng(seed)
    chances = generator.dirichlet(np.ones(len(labels)), size=len(ids))
    targets = np.asarray(labels)[generator.integers(0, len(labels), len(ids))]
    if sure:
        return Predictions.from_probabilities(ids, targets, chances, labels)
    return Predictions(np.asarray(ids), targets, targets, labels)


@given(rows=st.integers(0, 9), seed=st.integers(0, 9), sure=st.booleans())
def test_round_trip(tmp_path_factory, rows, seed, sure):
    ids = np.random.default_rng(seed).permutation(rows)
    given_ = MultiOutputPredictions(
        {"topic": single(ids, ["a", "b c", "ü"], seed), "x_y": single(ids, [0, 1], seed, sure=sure)}
    )
    path = tmp_path_factory.mktemp("p") / "predictions.parquet"
    given_.write(path)
    read = MultiOutputPredictions.read(path)
    assert list(read.outputs) == ["topic", "x_y"]
    assert read.row_ids.tolist() == ids.tolist()
    for output, expected in given_.outputs.items():
        for field in FIELDS:
            mine, theirs = getattr(read.outputs[output], field), getattr(expected, field)
            assert np.array_equal(mine, theirs) if theirs is not None else mine is None


def test_the_table_names_output_and_label():
    made = MultiOutputPredictions({"topic": single([7], ["a", "b"]), "loud": single([7], [0])})
    assert list(made.to_frame().columns) == [
        *["row_id", "target_topic", "prediction_topic"],
        *["probability_topic_a", "probability_topic_b"],
        *["target_loud", "prediction_loud", "probability_loud_0"],
    ]


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ({}, "outputs: must be at least one"),
        (
            {"a": single([1, 2], [0, 1]), "b": single([2, 1], [0, 1]), "c": single([1], [0, 1])},
            r"outputs\.b: must be of the same rows in the same order as 'a'.*\n.*outputs\.c",
        ),
        (
            {"a": single([1], ["b_c"]), "a_b": single([1], ["c"])},
            "column probability_a_b_c: would be of 'a' and 'a_b'",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(outputs, message):
    with pytest.raises(DataError, match=message):
        MultiOutputPredictions(outputs)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RunNotFoundError, match=r"none\.parquet"):
        MultiOutputPredictions.read(tmp_path / "none.parquet")


def test_some_rows_of_every_output_are_taken():
    made = MultiOutputPredictions(
        {"topic": single([7, 8, 9], ["a", "b"]), "x": single([7, 8, 9], [0])}
    )
    taken = made.take(np.array([2, 0]))
    assert taken.to_frame().equals(made.to_frame().iloc[[2, 0]].reset_index(drop=True))
