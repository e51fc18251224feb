"""Labels to look at again: confident learning, as a plain loop has it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics.noisy_labels import find_noisy_labels

NAMES = ["a", "b", "c"]


def draw(seed, rows=80):
    rng = np.random.default_rng(seed)
    found = softmax(rng.normal(size=(rows, 3)) * 2, axis=1)
    given_codes = rng.integers(0, 3, rows)
    return found, given_codes


def by_hand(found, codes):
    """Give place, given and suggested label of each doubtful row, in the order of the rows."""
    bounds = {}
    for label in set(codes.tolist()):
        bounds[label] = np.mean(
            [found[row, label] for row in range(len(codes)) if codes[row] == label]
        )
    listed = []
    for row, code in enumerate(codes.tolist()):
        sure = [label for label in bounds if found[row, label] >= bounds[label] - 1e-12]
        if sure:
            best = max(sure, key=lambda label: found[row, label])
            if best != code and found[row, best] > found[row, code]:
                listed.append((row, code, best))
    return listed


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_it_lists_what_a_plain_loop_lists_the_most_doubtful_first(seed):
    found, codes = draw(seed)
    ids = np.arange(80) + 500
    predictions = Predictions.from_probabilities(ids, np.array(NAMES)[codes], found, NAMES)
    listed = find_noisy_labels(predictions)
    mine = {
        (row - 500, NAMES.index(one), NAMES.index(other))
        for row, one, other in zip(
            listed["row_id"], listed["given_label"], listed["suggested_label"], strict=True
        )
    }
    assert mine == set(by_hand(found, codes))
    gaps = listed["suggested_probability"] - listed["given_probability"]
    assert (np.diff(gaps) <= 1e-12).all()
    assert (gaps > 0).all()


def test_turned_labels_come_to_the_top():
    rng = np.random.default_rng(0)
    true = rng.integers(0, 3, 500)
    found = softmax(rng.normal(size=(500, 3)) + 5 * np.eye(3)[true], axis=1)
    given_codes = true.copy()
    turned = rng.choice(500, 25, replace=False)
    given_codes[turned] = (true[turned] + 1) % 3
    predictions = Predictions.from_probabilities(
        np.arange(500), np.array(NAMES)[given_codes], found, NAMES
    )
    first = find_noisy_labels(predictions)["row_id"].tolist()[:25]
    assert len(set(first) & set(turned.tolist())) >= 22


def test_several_labels_are_questions_of_yes_and_no():
    targets = np.array([[1, 0], [1, 0], [1, 1], [0, 1], [0, 1], [0, 0]], dtype=np.int8)
    found = np.array([[0.9, 0.1], [0.8, 0.2], [0.05, 0.9], [0.1, 0.9], [0.2, 0.8], [0.95, 0.1]])
    predictions = MultiLabelPredictions(
        np.array(list("uvwxyz")), targets, found, np.array([0.5, 0.5]), ["x", "y"]
    )
    listed = find_noisy_labels(predictions, {name: f"text {name}" for name in "uvwxyz"})
    assert listed.drop(
        columns=["given_probability", "suggested_probability"]
    ).to_numpy().tolist() == [
        ["w", "text w", "x", 1, 0],
        ["z", "text z", "x", 0, 1],
    ]
    assert listed["suggested_probability"].tolist() == pytest.approx([0.95, 0.95])


def test_outputs_are_looked_at_one_by_one():
    found, codes = draw(1)
    one = Predictions.from_probabilities(np.arange(80), np.array(NAMES)[codes], found, NAMES)
    calm = Predictions.from_probabilities(
        np.arange(80), np.array(NAMES)[found.argmax(axis=1)], found, NAMES
    )
    listed = find_noisy_labels(MultiOutputPredictions({"one": one, "calm": calm}))
    assert set(listed["part"]) == {"one"}
    assert len(listed) == len(find_noisy_labels(one)) > 0


def test_tokens_are_listed_where_the_answer_is_as_sure_as_right_ones_are():
    tags = TagPredictions(
        np.array([7, 8]),
        ["go to Oslo", "see Rome"],
        [[0, 3, 6], [0, 4]],
        [["go", "to", "Oslo"], ["see", "Rome"]],
        [["V", "P", "V"], ["V", "N"]],
        [["V", "P", "N"], ["N", "N"]],
        [[0.9, 0.9, 0.97], [0.6, 0.95]],
        ["N", "P", "V"],
    )
    listed = find_noisy_labels(tags)
    assert listed.to_numpy().tolist() == [
        [7, "go to Oslo", "2 Oslo", "V", "N", pytest.approx(0.03), 0.97]
    ]


def test_labels_without_probabilities_and_those_that_no_row_has_suggest_nothing():
    bare = Predictions(np.arange(2), np.array(["a", "b"]), np.array(["b", "b"]), NAMES)
    assert len(find_noisy_labels(bare)) == 0
    assert next(iter(find_noisy_labels(bare).columns)) == "row_id"
    found = np.array([[0.1, 0.0, 0.9], [0.9, 0.0, 0.1]])
    predictions = Predictions.from_probabilities([1, 2], ["a", "a"], found, NAMES)
    assert len(find_noisy_labels(predictions)) == 0
