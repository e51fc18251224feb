"""Several outputs, tags and entities are scored by the names of the ``metrics`` section."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.core.tagging import SCHEMES, list_tags, repair_tags
from dsf.metrics import compare_results, score_predictions

ALL = {"precision": True, "accuracy": True, "recall": True, "f1": True, "confusion_matrix": True}
LABELS = ["city", "street-name"]


def tagged(targets, answers, scheme=None, tags=None):
    """Make predictions of texts whose tokens are all ``x``."""
    words = [["x"] * len(row) for row in targets]
    return TagPredictions(
        row_ids=np.arange(len(targets)) + 10,
        texts=[" ".join(row) for row in words],
        starts=[list(range(0, 2 * len(row), 2)) for row in words],
        tokens=words,
        targets=targets,
        predictions=answers,
        confidences=[[0.5] * len(row) for row in words],
        tags=tags or list_tags(LABELS, scheme),
        scheme=scheme,
    )


@pytest.fixture
def two_outputs():
    ids = np.arange(4)
    topic = Predictions(ids, np.array([0, 1, 2, 2]), np.array([0, 1, 2, 1]), [0, 1, 2])
    urgency = Predictions(
        ids, np.array(["no", "no", "yes", "yes"]), np.array(["no", "yes", "yes", "yes"]), YES_NO
    )
    return MultiOutputPredictions({"topic": topic, "urgency": urgency})


YES_NO = ["no", "yes"]


def test_a_row_is_right_if_all_its_outputs_are(two_outputs):
    scores = score_predictions(two_outputs, ALL)
    assert scores["accuracy"] == 0.5
    assert [scores["outputs"][name]["accuracy"] for name in ("topic", "urgency")] == [0.75, 0.75]


def test_the_scores_of_outputs_are_their_own_and_the_mean_is_on_top(two_outputs):
    scores = score_predictions(two_outputs, ALL, "weighted")
    for name, answers in two_outputs.outputs.items():
        alone = score_predictions(answers, ALL, "weighted")
        assert scores["confusion_matrix"][name] == alone.pop("confusion_matrix")
        assert scores["outputs"][name] == alone
    for metric in ("precision", "recall", "f1"):
        assert scores[metric] == pytest.approx(
            np.mean([each[metric] for each in scores["outputs"].values()])
        )
    assert json.loads(json.dumps(scores)) == scores


def test_outputs_hold_only_what_is_wanted(two_outputs):
    scores = score_predictions(two_outputs, {"f1": True, "recall": False})
    assert list(scores) == ["f1", "outputs"]
    assert all(list(each) == ["f1"] for each in scores["outputs"].values())
    assert score_predictions(two_outputs, {}) == {}
    assert list(score_predictions(two_outputs, {"confusion_matrix": True})) == ["confusion_matrix"]


def test_nested_results_are_compared_by_their_single_numbers(two_outputs):
    scores = score_predictions(two_outputs, ALL)
    compared = compare_results(scores, scores, ALL)
    assert list(compared) == list(ALL)
    assert compared["confusion_matrix"]["eval"] == scores["confusion_matrix"]


def test_entities_are_scored_by_an_example():
    targets = [["B-city", "I-city", "O", "B-city"], ["B-street-name", "O"]]
    answers = [["B-city", "O", "O", "B-city"], ["B-street-name", "B-city"]]
    scores = score_predictions(tagged(targets, answers, "iob2"), ALL, "micro")
    assert scores == {
        "precision": 2 / 4,
        "accuracy": 4 / 6,
        "recall": 2 / 3,
        "f1": pytest.approx(4 / 7),
        "confusion_matrix": {
            "city": {"tp": 1, "fp": 2, "fn": 1},
            "street-name": {"tp": 1, "fp": 0, "fn": 0},
        },
    }
    assert json.loads(json.dumps(scores)) == scores


def test_tags_that_break_their_scheme_answer_no_entity():
    targets = [["B-city", "I-city"]]
    broken = score_predictions(tagged(targets, [["I-city", "I-city"]], "iob2"), ALL)
    assert (broken["f1"], broken["accuracy"]) == (0, 0.5)
    assert broken["confusion_matrix"]["city"] == {"tp": 0, "fp": 0, "fn": 1}


def test_tags_that_stand_alone_are_scored_token_by_token():
    targets, answers = [["N", "V"], ["N"], []], [["N", "N"], ["N"], []]
    scores = score_predictions(tagged(targets, answers, None, ["N", "V", "X"]), ALL)
    assert scores["accuracy"] == pytest.approx(2 / 3)
    assert scores["recall"] == 0.5
    assert scores["confusion_matrix"] == {
        "labels": ["N", "V", "X"],
        "matrix": [[2, 0, 0], [1, 0, 0], [0, 0, 0]],
        "counted": "tokens",
    }


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data(), average=st.sampled_from(["micro", "macro", "weighted"]))
def test_the_truth_answered_is_all_right(scheme, data, average):
    tags = list_tags(LABELS, scheme)
    rows = st.lists(st.lists(st.sampled_from(tags), max_size=6), min_size=1, max_size=4)
    truth = [repair_tags(row, scheme) for row in data.draw(rows)]
    scores = score_predictions(tagged(truth, truth, scheme), ALL, average)
    some = any(tag != "O" for row in truth for tag in row)
    assert scores["f1"] == scores["precision"] == scores["recall"] == float(some)
    assert scores["accuracy"] == float(any(truth))


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_seqeval_gives_the_same_numbers(scheme, data):
    """Strictly, in its mode that reads the scheme; answers may break it."""
    import warnings

    from seqeval.metrics.v1 import precision_recall_fscore_support
    from seqeval.scheme import BILOU, IOB2

    tags = list_tags(LABELS, scheme)
    sizes = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
    row = st.sampled_from(tags)
    truth = [repair_tags(data.draw(st.lists(row, min_size=n, max_size=n)), scheme) for n in sizes]
    answers = [data.draw(st.lists(row, min_size=n, max_size=n)) for n in sizes]
    for average in ("micro", "macro", "weighted"):
        scores = score_predictions(tagged(truth, answers, scheme), ALL, average)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = precision_recall_fscore_support(
                truth,
                answers,
                average=average,
                scheme={"iob2": IOB2, "bilou": BILOU}[scheme],
                zero_division=0,
            )
        # Without any entity, the mean over its labels is none; ours is 0.
        expected = np.nan_to_num(np.asarray(theirs[:3], dtype=float))
        assert [scores[name] for name in ("precision", "recall", "f1")] == pytest.approx(expected)
