"""Two models that should be one: what differs beyond rounding is found, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.answer_differences import find_differences
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions

LABELS = ["a", "b", "c"]
TOLERANCE = 1e-4


def make(probabilities, labels=LABELS):
    count = len(probabilities)
    return Predictions.from_probabilities(
        np.arange(count) * 3, np.full(count, labels[0]), np.asarray(probabilities), labels
    )


def make_sets(probabilities, thresholds=(0.5, 0.5)):
    shape = np.asarray(probabilities).shape
    return MultiLabelPredictions(
        row_ids=np.arange(shape[0]),
        targets=np.zeros(shape, np.int8),
        probabilities=np.asarray(probabilities, dtype=float),
        thresholds=np.asarray(thresholds, dtype=float),
        labels=["x", "y"],
    )


def make_tags(tags, confidences):
    return TagPredictions(
        row_ids=np.array([7]),
        texts=["to Rome"],
        starts=[[0, 3]],
        tokens=[["to", "Rome"]],
        targets=[["O", "O"]],
        predictions=[tags],
        confidences=[confidences],
        tags=["O", "B-city", "I-city"],
        scheme="iob2",
    )


@st.composite
def moved(draw):
    """Probabilities of some rows, and the same moved by a little or by much, row by row."""
    count = draw(st.integers(1, 12))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    before = random.dirichlet(np.ones(3), count)
    by = np.array([draw(st.sampled_from([0.0, TOLERANCE / 4, 100 * TOLERANCE])) for _ in before])
    to = np.roll(np.eye(3), 1, axis=0)[before.argmax(axis=1)]
    share = by[:, None] / 2
    return before, before * (1 - share) + to * share


@given(moved())
def test_just_the_rows_that_moved_beyond_the_tolerance_are_told(both):
    before, after = both
    apart = np.abs(before - after).max(axis=1)
    found = find_differences(make(after), make(before), TOLERANCE)
    assert found.largest == pytest.approx(apart.max())
    assert found.rows == (np.flatnonzero(apart > TOLERANCE) * 3).tolist()
    assert found.distances == pytest.approx(apart[apart > TOLERANCE])


def test_a_label_may_change_only_where_it_hangs_on_rounding():
    tie, sure = [0.50001, 0.49999, 0.0], [0.7, 0.3, 0.0]
    wanted = make([tie, sure])
    turned = make([[0.49999, 0.50001, 0.0], sure])
    assert find_differences(turned, wanted, TOLERANCE).rows == []
    other = replace(wanted, predictions=np.array(["a", "b"]))
    assert find_differences(other, wanted, TOLERANCE).rows == [3]


def test_without_probabilities_every_other_label_counts():
    wanted = replace(make([[0.5, 0.5, 0], [0.9, 0.1, 0]]), probabilities=None)
    other = replace(wanted, predictions=np.array(["b", "a"]))
    assert find_differences(other, wanted, TOLERANCE).rows == [0]


def test_sets_differ_where_a_label_that_is_far_from_its_threshold_does():
    wanted = make_sets([[0.500001, 0.2], [0.9, 0.1]])
    assert find_differences(make_sets([[0.499999, 0.2], [0.9, 0.1]]), wanted, TOLERANCE).rows == []
    lower = make_sets([[0.500001, 0.2], [0.9, 0.1]], thresholds=(0.5, 0.05))
    assert find_differences(lower, wanted, TOLERANCE).rows == [0, 1]


def test_tags_differ_by_themselves_or_by_how_sure_they_are():
    wanted = make_tags(["O", "B-city"], [0.9, 0.8])
    assert find_differences(wanted, wanted, TOLERANCE).rows == []
    unsure = make_tags(["O", "B-city"], [0.9, 0.7])
    found = find_differences(unsure, wanted, TOLERANCE)
    assert (found.rows, found.largest) == ([7], pytest.approx(0.1))
    other = make_tags(["O", "O"], [0.9, 0.2])
    assert find_differences(other, wanted, TOLERANCE).rows == [7]


def test_another_tag_that_is_as_sure_is_another_answer():
    """As of a network whose tags were put in another order."""
    wanted = make_tags(["O", "B-city"], [0.9, 0.8])
    assert find_differences(make_tags(["B-city", "O"], [0.9, 0.8]), wanted, TOLERANCE).rows == [7]
    tie = make_tags(["O", "B-city"], [0.9, 0.5])
    assert find_differences(make_tags(["O", "O"], [0.9, 0.5]), tie, TOLERANCE).rows == []


def test_of_several_outputs_each_row_is_told_once():
    wanted = MultiOutputPredictions({"p": make([[1, 0, 0]] * 2), "q": make([[0, 1, 0]] * 2)})
    moved_rows = make([[0.8, 0.2, 0], [1, 0, 0]])
    turned = MultiOutputPredictions({"p": moved_rows, "q": make([[0, 0.9, 0.1], [0, 1, 0]])})
    found = find_differences(turned, wanted, TOLERANCE)
    assert (found.rows, found.largest) == ([0], pytest.approx(0.2))
    assert found.distances == [pytest.approx(0.2)]


def test_what_cannot_be_held_to_each_other_is_refused():
    wanted = make([[1, 0, 0], [0, 1, 0]])
    for other in (make_sets([[0.1, 0.2]] * 2), wanted.take(np.array([1, 0]))):
        with pytest.raises(ValueError, match="answers of one kind to the same rows"):
            find_differences(other, wanted, TOLERANCE)
    with pytest.raises(ValueError, match="the same labels"):
        find_differences(make([[1, 0, 0], [0, 1, 0]], ["a", "c", "b"]), wanted, TOLERANCE)
