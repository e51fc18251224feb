"""TF-IDF with a linear model answers each kind of labels, in the data's labels or not at all."""

import numpy as np
import pandas as pd
import pytest

from dsf.core.errors import ConfigError, DataError, HookError
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.incumbents import TextBaseline
from dsf.metrics import best_thresholds

THINGS = ["kettle", "lamp", "jacket", "sofa", "phone", "mug", "chair", "clock"]
ASKED = {"cancel": "cancel the {}", "return": "send the {} back", "track": "where is my {}"}


def make_rows(things=THINGS):
    rows = pd.DataFrame(
        [
            {
                "text": text.format(thing) + (" right now!" if urgent else " please"),
                "topic": topic,
                "urgency": "high" if urgent else "low",
                "is_return": int(topic == "return"),
                "is_urgent": int(urgent),
                "is_never": 0,
            }
            for thing in things
            for topic, text in ASKED.items()
            for urgent in (False, True)
        ]
    )
    return rows.assign(row_id=range(100, 100 + len(rows)))


TRAIN, TEST = make_rows(THINGS[:5]), make_rows(THINGS[5:])
BINARY = ["is_return", "is_urgent", "is_never"]


def fitted(columns, **options):
    baseline = TextBaseline(label_columns=columns, **options)
    baseline.fit(TRAIN)
    return baseline


def test_it_answers_texts_with_words_that_no_training_row_has():
    answers = fitted("topic").predict(TEST)
    assert isinstance(answers, Predictions)
    assert answers.labels == ["cancel", "return", "track"]
    assert answers.predictions.tolist() == TEST["topic"].tolist()
    assert answers.row_ids.tolist() == TEST["row_id"].tolist()


def test_shuffled_labels_teach_it_nothing():
    rng = np.random.default_rng(0)
    scores = []
    for _ in range(5):
        baseline = TextBaseline(label_columns="topic")
        baseline.fit(TRAIN.assign(topic=rng.permutation(TRAIN["topic"])))
        answers = baseline.predict(TEST)
        scores.append((answers.predictions == answers.targets).mean())
    assert np.mean(scores) < 0.6


def test_several_outputs_each_have_their_answers():
    names = {"topic": ["track", "cancel", "return"], "urgency": ["low", "high"]}
    answers = fitted(["topic", "urgency"], label_kind="multi_output", label_names=names).predict(
        TEST
    )
    assert isinstance(answers, MultiOutputPredictions)
    for output in names:
        assert list(answers.outputs[output].labels) == names[output]
        assert answers.outputs[output].predictions.tolist() == TEST[output].tolist()


def test_a_label_without_a_training_row_has_probability_zero():
    names = ["cancel", "exchange", "return", "track"]
    answers = fitted("topic", label_names=names).predict(TEST)
    assert not answers.probabilities[:, 1].any()
    np.testing.assert_allclose(answers.probabilities.sum(axis=1), 1, atol=1e-6)


def test_labels_asked_for_beat_those_it_was_made_with():
    baseline = fitted("topic", label_names=["cancel", "return", "track"])
    answers = baseline.predict(TEST, ["track", "return", "cancel"])
    assert list(answers.labels) == ["track", "return", "cancel"]
    assert answers.predictions.tolist() == TEST["topic"].tolist()


def test_several_labels_a_row_have_thresholds_chosen_on_validation_rows():
    baseline = TextBaseline(label_columns=BINARY, label_kind="multilabel")
    # Of the validation rows, every one is a return: answering it always is best.
    baseline.fit(TRAIN, TRAIN.assign(is_return=1))
    answers = baseline.predict(TEST)
    assert isinstance(answers, MultiLabelPredictions)
    assert list(answers.labels) == BINARY
    assert answers.thresholds[0] == pytest.approx(0.1)
    assert answers.predictions[:, 1].tolist() == TEST["is_urgent"].tolist()
    assert not answers.probabilities[:, 2].any(), "no training row has this label"


def test_its_thresholds_are_chosen_as_told():
    options = {"search": "exact", "metric": "f2"}
    baseline = TextBaseline(
        label_columns=BINARY, label_kind="multilabel", threshold_options=options
    )
    baseline.fit(TRAIN, TRAIN.assign(is_return=1))
    answers = baseline.predict(TRAIN.assign(is_return=1))
    chosen = best_thresholds(answers.targets, answers.probabilities, **options)
    assert answers.thresholds.tolist() == chosen.tolist()
    assert answers.thresholds[0] == pytest.approx(answers.probabilities[:, 0].min() / 2)


def test_without_validation_rows_the_thresholds_lie_in_the_middle():
    answers = fitted(BINARY, label_kind="multilabel").predict(TEST)
    assert answers.thresholds.tolist() == [0.5] * 3
    assert answers.predictions[:, 0].tolist() == TEST["is_return"].tolist()


def test_one_label_alone_is_always_answered():
    baseline = TextBaseline(label_columns="topic")
    baseline.fit(TRAIN[TRAIN["topic"] == "track"])
    answers = baseline.predict(TEST.assign(topic="track"))
    assert answers.probabilities.tolist() == [[1.0]] * len(TEST)


def test_words_of_devanagari_are_whole():
    rows = pd.DataFrame(
        {
            "text": ["की दुकान", "का दुकान"] * 6,
            "label": ["feminine", "masculine"] * 6,
            "row_id": range(12),
        }
    )
    baseline = TextBaseline()
    baseline.fit(rows)
    words = baseline._model._terms.transformer_list[0][1].get_feature_names_out()
    assert {"की", "का", "दुकान"} <= set(words)


def test_a_text_without_a_known_term_is_answered():
    answers = fitted("topic").predict(TEST.iloc[:2].assign(text=["", "Ωж"]))
    assert len(answers.predictions) == 2


def test_texts_without_words_are_refused():
    with pytest.raises(DataError, match="texts: must hold words"):
        TextBaseline(label_columns="topic").fit(TRAIN.assign(text="?!"))


def test_labels_that_lack_one_of_the_training_rows_are_refused():
    with pytest.raises(DataError, match=r"label_names of topic: must name \['track'\] too"):
        fitted("topic").predict(TEST, ["cancel", "return"])


def test_what_was_never_fitted_is_named():
    for kind, columns in (("single", "topic"), ("multilabel", BINARY)):
        with pytest.raises(HookError, match=r"TextBaseline must be fitted.*fit\(rows\) first"):
            TextBaseline(label_columns=columns, label_kind=kind).predict(TEST)


@pytest.mark.parametrize(
    ("kind", "columns", "said"),
    [
        ("tags", ["topic"], "label_kind: must be one of single, multi_output, multilabel"),
        ("single", ["topic", "urgency"], "label_columns: must be one column, but are 2"),
        ("multilabel", [], "label_columns: must be one column or more, but are 0"),
    ],
)
def test_what_it_cannot_do_is_said_at_once(kind, columns, said):
    with pytest.raises(ConfigError, match=said):
        TextBaseline(label_columns=columns, label_kind=kind)


def test_rows_without_texts_are_told_before_anything_is_computed():
    with pytest.raises(ConfigError, match=r"\['message'\] are not\..*ScikitLearnIncumbent"):
        TextBaseline("message", "topic").fit(TRAIN)
    gone = TRAIN.assign(text=TRAIN["text"].where(TRAIN["row_id"] != 102, None))
    with pytest.raises(DataError, match=r"text: must be text .* row_id \[102\] have"):
        TextBaseline(label_columns="topic").fit(gone)
    with pytest.raises(DataError, match=r"text: must be text .* row_id \[102\] have"):
        fitted("topic").predict(gone)
    several = TextBaseline(label_columns=BINARY, label_kind="multilabel")
    with pytest.raises(DataError, match=r"text: must be text .* row_id \[102\] have"):
        several.fit(TRAIN, gone)
