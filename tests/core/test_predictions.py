"""Predictions fit together, and come back from the disk as they went."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import DataError, RunNotFoundError
from dsf.core.predictions import Predictions


@given(
    rows=st.integers(0, 20),
    labels=st.sampled_from([["a", "b"], [0, 1, 2], ["ü", "b c", "probability_a"]]),
    with_probabilities=st.booleans(),
    seed=st.integers(0, 9),
)
def test_round_trip(tmp_path_factory, rows, labels, with_probabilities, seed):
    generator = np.random.default_rng(seed)
    names = np.asarray(labels)
    probabilities = generator.dirichlet(np.ones(len(labels)), size=rows)
    given_ = Predictions(
        row_ids=generator.permutation(rows),
        targets=names[generator.integers(0, len(labels), rows)],
        predictions=names[generator.integers(0, len(labels), rows)],
        labels=labels,
        probabilities=probabilities if with_probabilities else None,
    )
    path = tmp_path_factory.mktemp("p") / "predictions.parquet"
    given_.write(path)
    read = Predictions.read(path)

    assert read.labels == labels
    for name in ("row_ids", "targets", "predictions"):
        assert getattr(read, name).tolist() == getattr(given_, name).tolist()
    if with_probabilities:
        assert np.array_equal(read.probabilities, probabilities)
    else:
        assert read.probabilities is None


def test_the_most_probable_label_answers_and_the_first_wins_ties():
    made = Predictions.from_probabilities([7, 8], ["b", "b"], [[0.2, 0.8], [0.5, 0.5]], ["a", "b"])
    assert made.predictions.tolist() == ["b", "a"]


def test_all_problems_are_named_at_once():
    with pytest.raises(DataError) as caught:
        Predictions(
            row_ids=np.array([1, 1, 2, 3]),
            targets=np.array(["a", "x", "a", "a"]),
            predictions=np.array(["a", "b", "a", "a"]),
            labels=["a", "b"],
            probabilities=np.array([[0.5, 0.4], [0.0, 2.0], [np.nan, 1.0], [1.0, 0.0]]),
        )
    message = str(caught.value)
    assert "row_ids: must be unique, but these repeat: [1]" in message
    assert "targets: must be among the labels, but rows [1] have ['x']" in message
    assert "probabilities: must be numbers between 0 and 1, but rows [2] have nan." in message
    assert "probabilities: must lie between 0 and 1, but rows [1] have [2.0]." in message
    assert "probabilities: of a row must sum to 1, but rows [0] sum to [0.9]." in message


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([np.nan, np.nan], r"must be numbers between 0 and 1, but rows \[0, 1, 2, 3, 4, …\] have"),
        ([-0.5, 1.0], r"must lie between 0 and 1, but rows .* have \[-0\.5, "),
        ([np.inf, 0.0], r"must lie between 0 and 1, but rows .* have \[inf, "),
        ([0.9, 0.9], r"of a row must sum to 1, but rows .* sum to \[1\.8, "),
        ([0.0, 0.0], r"of a row must sum to 1, but rows .* sum to \[0\.0, "),
    ],
)
def test_probabilities_that_are_none_are_refused(row, message):
    with pytest.raises(DataError, match=message) as caught:
        Predictions.from_probabilities(range(7), ["a"] * 7, [row] * 7, ["a", "b"])
    assert len(caught.value.problems) == 1


@given(labels=st.integers(2, 1000), scale=st.sampled_from([0.01, 1, 30]), seed=st.integers(0, 99))
def test_a_softmax_of_float32_passes(labels, scale, seed):
    scores = np.random.default_rng(seed).normal(0, scale, (3, labels)).astype(np.float32)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    assert probabilities.dtype == np.float32
    Predictions.from_probabilities(range(3), [0, 0, 0], probabilities, list(range(labels)))


def test_lengths_must_agree():
    with pytest.raises(DataError, match="targets: must have one value a row, but has 1 for 2"):
        Predictions(np.array([1, 2]), np.array(["a"]), np.array(["a", "a"]), ["a"])
    with pytest.raises(DataError, match=r"must have shape \(1, 2\)"):
        Predictions(np.array([1]), np.array(["a"]), np.array(["a"]), ["a", "b"], np.ones((1, 3)))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RunNotFoundError, match=r"nothing\.parquet"):
        Predictions.read(tmp_path / "nothing.parquet")


@pytest.mark.parametrize("sure", [True, False])
def test_some_rows_are_taken_in_the_order_they_are_named(sure):
    made = Predictions.from_probabilities(
        [7, 8, 9], ["a", "b", "a"], [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7]], ["a", "b"]
    )
    made = made if sure else replace(made, probabilities=None)
    taken = made.take(np.array([2, 0]))
    assert taken.to_frame().equals(made.to_frame().iloc[[2, 0]].reset_index(drop=True))
    assert taken.labels == ["a", "b"]
    assert not len(made.take(np.array([], dtype=int)).row_ids)
