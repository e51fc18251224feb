"""Whatever form a model answers in: the same predictions, or every fault with its rows."""

import logging

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, IncumbentError
from dsf.core.predictions import Predictions
from dsf.incumbents import Incumbent

NAMES = ["cancel", "return", "track"]


class Says(Incumbent):
    """Gives what it was made with."""

    def __init__(self, answers, **labels):
        super().__init__(**labels)
        self.answers = answers
        self.saw = None

    def answer(self, rows, labels):
        self.saw = rows
        return self.answers


def rows_of(count=3, **columns):
    return pd.DataFrame(
        {
            "row_id": [10 * (at + 1) for at in range(count)],
            "text": [f"text {at}" for at in range(count)],
            "label": [NAMES[at % 3] for at in range(count)],
            **columns,
        }
    )


def say(answers, rows=None, labels=NAMES, **options):
    return Says(answers, **options).predict(rows_of() if rows is None else rows, labels)


def faults(answers, rows=None, labels=NAMES, **options):
    with pytest.raises(IncumbentError) as caught:
        say(answers, rows, labels, **options)
    return [str(problem) for problem in caught.value.problems]


PROBABILITIES = [[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [0.0, 0.5, 0.5]]
BY_LABEL = [dict(zip(NAMES, row, strict=True)) for row in PROBABILITIES]
SCORED = [[{"label": n, "score": p} for n, p in row.items()] for row in BY_LABEL]


@pytest.mark.parametrize(
    "answers",
    [
        PROBABILITIES,
        np.array(PROBABILITIES),
        pd.DataFrame(PROBABILITIES, columns=NAMES),
        pd.DataFrame(PROBABILITIES, columns=NAMES)[NAMES[::-1]],
        BY_LABEL,
        SCORED,
        [{"probabilities": row} for row in BY_LABEL],
        [
            {"label": label, "probabilities": row}
            for label, row in zip(["cancel", "track", "return"], SCORED, strict=True)
        ],
    ],
)
def test_probabilities_in_every_form_are_the_same(answers):
    found = say(answers)
    np.testing.assert_allclose(found.probabilities, PROBABILITIES)
    assert found.predictions.tolist() == ["cancel", "track", "return"]
    assert found.targets.tolist() == NAMES
    assert found.row_ids.tolist() == [10, 20, 30]


@pytest.mark.parametrize(
    "answers",
    [
        ["track", "track", "return"],
        np.array(["track", "track", "return"]),
        pd.Series(["track", "track", "return"]),
        [["track"], ["track"], ["return"]],
        [{"label": name, "score": 0.9} for name in ("track", "track", "return")],
        [{"prediction": name} for name in ("track", "track", "return")],
    ],
)
def test_labels_in_every_form_are_the_same(answers):
    found = say(answers)
    assert found.predictions.tolist() == ["track", "track", "return"]
    assert found.probabilities is None


@given(st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=20))
def test_numbers_that_became_text_are_found(answers):
    rows = rows_of(len(answers), label=[1 + at % 3 for at in range(len(answers))])
    found = say([str(answer) for answer in answers], rows, [1, 2, 3])
    assert found.predictions.tolist() == answers


def test_a_text_of_its_own_wins_over_one_that_looks_like_it():
    rows = rows_of(2, label=["1", "1"])
    assert say(["1", 1], rows, ["1", "2"]).predictions.tolist() == ["1", "1"]


def test_a_label_may_have_another_name():
    found = say(["storno", "RETURN", "track"], label_map={"storno": "cancel", "RETURN": "return"})
    assert found.predictions.tolist() == ["cancel", "return", "track"]


def test_every_fault_is_named_with_its_rows():
    told = faults(["cancel", "refund", "rturn"])
    assert told == [
        "answers: must be one of ['cancel', 'return', 'track'], but is 'refund' in 1 row (row_id "
        "[20]). Say by label_map which label it means, or name it in model_config.label_names too.",
        "answers: must be one of ['cancel', 'return', 'track'], but is 'rturn' in 1 row (row_id "
        "[30]). Say by label_map which label it means, or name it in model_config.label_names too.",
    ]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([[0.7, 0.2, 0.1], [0.9, 0.9, 0.9], [1.2, -0.1, -0.1]], ["row_id [30] have [1.2]", "[20]"]),
        ([[0.7, 0.2, 0.1], [float("nan"), 0.5, 0.5], [1.0, 0.0, 0.0]], ["row_id [20] have [nan]"]),
        ([[0.7, 0.2, 0.1], {"cancel": "much"}, [1.0, 0.0, 0.0]], ["row_id [20] have"]),
        ([{"cancel": 0.6}] * 3, ["must sum to 1, but row_id [10, 20, 30] sum to [0.6, 0.6, 0.6]"]),
        ([{"cancel": 1.0}, "track", "track"], ["all have probabilities", "row_id [20, 30]"]),
        (["cancel", None, "track"], ["must be a label, probabilities", "row_id [20] have None"]),
        (["cancel", ["track", "return"], "track"], ["row_id [20] have ['track', 'return']"]),
        (["cancel"], ["must be one a row, but are 1 for 3 rows"]),
        ("cancel", ["must be one a row, in a list, but are str"]),
    ],
)
def test_what_is_no_answer_is_refused(answers, told):
    text = "\n".join(faults(answers))
    assert all(part in text for part in told), text


def test_a_label_of_probability_zero_need_not_be_known():
    known = say([{**row, "refund": 0.0} for row in BY_LABEL])
    np.testing.assert_allclose(known.probabilities, PROBABILITIES)


def test_the_truth_is_hidden():
    incumbent = Says(NAMES)
    incumbent.predict(rows_of(), NAMES)
    assert list(incumbent.saw) == ["row_id", "text"]


def test_predictions_of_other_rows_are_refused():
    rows = rows_of()
    other = Predictions(np.array([10, 30, 20]), rows["label"].to_numpy(), np.array(NAMES), NAMES)
    assert "row_id of the rows that were asked" in faults(other)[0]


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(ConfigError, match="'intent'"):
        say(NAMES, label_columns="intent")


def test_a_kind_that_is_none_is_refused():
    with pytest.raises(ConfigError, match="label_kind: must be one of single, multi_output"):
        say(NAMES, label_kind="double", label_columns=["label"])


OUTPUTS = {"intent": NAMES, "mood": ["bad", "good"]}
BOTH = {"label_kind": "multi_output", "label_columns": ["intent", "mood"]}


def rows_of_outputs():
    return rows_of(intent=NAMES, mood=["good", "bad", "good"])


@pytest.mark.parametrize(
    "answers",
    [
        [{"intent": name, "mood": {"good": 0.8, "bad": 0.2}} for name in NAMES],
        {"intent": NAMES, "mood": np.array([[0.2, 0.8]] * 3)},
    ],
)
def test_several_outputs_are_read(answers):
    found = say(answers, rows_of_outputs(), OUTPUTS, **BOTH)
    assert found.outputs["intent"].predictions.tolist() == NAMES
    assert found.outputs["mood"].predictions.tolist() == ["good"] * 3
    np.testing.assert_allclose(found.outputs["mood"].probabilities, [[0.2, 0.8]] * 3)


def test_faults_of_all_outputs_come_together():
    answers = {"intent": ["cancel", "x", "track"], "mood": ["good", "bad", "y"]}
    told = faults(answers, rows_of_outputs(), OUTPUTS, **BOTH)
    assert len(told) == 2
    assert told[0].startswith("answers of intent:")
    assert told[1].startswith("answers of mood:")
    lacking = faults([{"intent": "cancel"}] * 3, rows_of_outputs(), OUTPUTS, **BOTH)
    assert "must be there for each output, but are not for mood" in lacking[0]


SEVERAL = {"label_kind": "multilabel", "label_columns": ["late", "broken"]}


def rows_of_sets():
    return rows_of(late=[1, 0, 1], broken=[0, 0, 1])


@pytest.mark.parametrize(
    "answers",
    [
        [["late"], [], ["late", "broken"]],
        np.array([[1, 0], [0, 0], [1, 1]]),
        pd.DataFrame({"broken": [0, 0, 1], "late": [1, 0, 1]}),
        [{"labels": ["late"]}, {"labels": []}, {"labels": ["broken", "late"]}],
    ],
)
def test_sets_of_labels_are_answers_without_probabilities(answers):
    found = say(answers, rows_of_sets(), ["late", "broken"], **SEVERAL)
    assert found.predictions.tolist() == [[1, 0], [0, 0], [1, 1]]
    assert found.targets.tolist() == [[1, 0], [0, 0], [1, 1]]
    assert found.probabilities is None


def test_probabilities_of_sets_are_cut_at_thresholds():
    answers = [{"late": 0.6, "broken": 0.3}, {"late": 0.2}, {"late": 0.9, "broken": 0.35}]
    options = {**SEVERAL, "thresholds": {"broken": 0.33}}
    found = say(answers, rows_of_sets(), ["late", "broken"], **options)
    assert found.predictions.tolist() == [[1, 0], [0, 0], [1, 1]]
    np.testing.assert_allclose(found.probabilities, [[0.6, 0.3], [0.2, 0], [0.9, 0.35]])
    np.testing.assert_allclose(found.thresholds, [0.5, 0.33])


def test_what_a_model_decides_counts_more_than_thresholds():
    answers = [{"labels": ["broken"], "probabilities": {"late": 0.9, "broken": 0.1}}] * 3
    found = say(answers, rows_of_sets(), ["late", "broken"], **SEVERAL)
    assert found.predictions.tolist() == [[0, 1]] * 3
    np.testing.assert_allclose(found.probabilities, [[0.9, 0.1]] * 3)


@pytest.mark.parametrize(
    ("answers", "options", "told"),
    [
        ([["lost"], [], []], {}, "must be one of ['late', 'broken'], but is 'lost' in 1 row"),
        ([{"late": 1.5}, {}, {"late": 0.1}], {}, "row_id [20]"),
        ([{"late": 1.5}, {"late": 0.5}, {"late": 0.1}], {}, "row_id [10] have [1.5]"),
        ([{"late": 0.5}, ["late"], []], {}, "row_id [20, 30] have none"),
        ([["late"]] * 3, {"thresholds": 2}, "thresholds: must lie between 0 and 1"),
        ([["late"]] * 3, {"thresholds": {"lost": 0.1}}, "but ['lost'] are none"),
    ],
)
def test_what_is_no_set_is_refused(answers, options, told):
    found = faults(answers, rows_of_sets(), ["late", "broken"], **SEVERAL, **options)
    assert told in "\n".join(found)


TAGS = ["O", "B-city", "I-city"]
TAGGED = {"label_kind": "tags", "tag_scheme": "iob2"}


def rows_of_tags():
    return pd.DataFrame(
        {
            "row_id": [7, 9],
            "text": ["to New York", "from Oslo"],
            "tokens": [["to", "New", "York"], ["from", "Oslo"]],
            "starts": [[0, 3, 7], [0, 5]],
            "tags": [["O", "B-city", "I-city"], ["O", "B-city"]],
        }
    )


@pytest.mark.parametrize(
    "answers",
    [
        [["O", "B-city", "I-city"], ["O", "O"]],
        [["O", "I-city", "I-city"], ["O", "O"]],  # a mark that breaks the scheme is mended
        [{"tags": ["O", "B-city", "I-city"]}, {"entities": []}],
        [[{"start": 3, "end": 11, "label": "city"}], []],
        [[{"start": 4, "end": 8, "entity_group": "city", "score": 1.0}], []],
        [{"entities": [{"start": 3, "end": 11, "type": "place"}]}, []],
    ],
)
def test_tags_and_entities_are_read(answers):
    found = say(answers, rows_of_tags(), TAGS, **TAGGED, label_map={"place": "city"})
    assert [list(row) for row in found.predictions] == [["O", "B-city", "I-city"], ["O", "O"]]
    assert [list(row) for row in found.confidences] == [[1.0] * 3, [1.0] * 2]


def test_confidence_belongs_to_the_tokens_of_an_entity():
    answers = [[{"start": 3, "end": 11, "label": "city", "score": 0.25}], []]
    found = say(answers, rows_of_tags(), TAGS, **TAGGED)
    assert list(found.confidences[0]) == [1.0, 0.25, 0.25]
    assert found.entities(0)[0].text == "New York"


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (
            [["O", "O"], ["O", "O"]],
            "must have one tag a token, but has more or fewer. (row_id [7])",
        ),
        ([["O", "O", "B-river"], ["O", "O"]], "but is 'B-river' in 1 row (row_id [7])"),
        ([[{"start": 3, "end": 11, "label": "river"}], []], "must be one of ['city'], but is"),
        ([[{"start": 11, "end": 12, "label": "city"}], []], "must hold a token"),
        ([[{"start": 0, "end": 5, "label": "city"}] * 2, []], "must not share a token"),
        ([[{"start": "x", "label": "city"}], []], "must have start, end and label"),
        (["O", "O"], "must be a list of tags or of entities"),
        ([{"tags": ["O"] * 3, "confidences": [1]}, ["O"] * 2], "one confidence a token"),
        ([{"tags": ["O"] * 3, "confidences": [1, 2, "x"]}, ["O"] * 2], "numbers from 0 to 1"),
        ([[{"start": 3, "end": 11, "label": "city", "score": 7}], []], "numbers from 0 to 1"),
    ],
)
def test_what_is_no_tag_is_refused(answers, told):
    assert told in "\n".join(faults(answers, rows_of_tags(), TAGS, **TAGGED))


# ------------------------------------------------------------------ what label_map says


def test_a_label_map_that_leads_to_no_label_is_told_as_that():
    options = {"label_map": {"storno": "cancle", "back": "return", "y": "q"}}
    asked = Says([], **options)
    with pytest.raises(ConfigError) as caught:
        asked.predict(rows_of(), NAMES)
    assert [str(problem) for problem in caught.value.problems] == [
        f"label_map.storno: must be one of {NAMES}, but is 'cancle'. Did you mean 'cancel'?",
        f"label_map.y: must be one of {NAMES}, but is 'q'.",
    ]
    assert asked.saw is None, "there is no need to ask"
    # Without the names of all labels, others may be right: it counts what is answered.
    (problem,) = faults(["y", "cancel", "track"], labels=None, label_map={"y": "q"})
    assert "but is 'y', which label_map makes 'q', in 1 row (row_id [10])." in problem
    assert problem.endswith("Mend label_map (eval_config).")


@pytest.mark.parametrize(
    ("answers", "rows", "labels", "options"),
    [
        (
            {"topic": ["a", "b"], "mood": [1, 0]},
            rows_of(2, topic=["a", "c"], mood=[0, 1]),
            {"topic": ["a", "c"], "mood": [0, 1]},
            {"label_kind": "multi_output", "label_columns": ["topic", "mood"]},
        ),
        (
            [["b"], ["a"]],
            rows_of(2, a=[0, 1], c=[1, 0]),
            ["a", "c"],
            {"label_kind": "multilabel", "label_columns": ["a", "c"]},
        ),
    ],
)
def test_labels_of_every_kind_may_be_mapped(answers, rows, labels, options):
    say(answers, rows, labels, label_map={"b": "c"}, **options)
    with pytest.raises(ConfigError, match=r"label_map\.b: must be one of .*, but is 'd'"):
        say(answers, rows, labels, label_map={"b": "d"}, **options)


@pytest.mark.parametrize(
    "answers",
    [
        ["storno", "return", "track"],
        [{"storno": 0.0, "cancel": 1.0}, {"return": 1.0}, {"track": 1.0}],
        [{"storno": 0.4, "return": 0.6}, {"return": 1.0}, {"track": 1.0}],
    ],
)
def test_a_name_that_no_answer_has_is_told(answers, caplog):
    caplog.set_level(logging.WARNING, "dsf")
    say(answers, label_map={"storno": "cancel"})
    assert caplog.text == ""
    say(answers, label_map={"storno": "cancel", "strono": "cancel", "Track": "track"})
    assert "label_map has ['strono', 'Track'], which no answer of Says names" in caplog.text
