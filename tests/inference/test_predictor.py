"""What a bundle is asked, and what it says."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsf.core.errors import BundleError, ConfigError, DataError
from dsf.inference import Predictor

pytestmark = pytest.mark.filterwarnings("ignore:.*does not have many workers.*")

TEXTS = ["the time in rome", "book a flight to oslo for two people", "tea"]
TEXT = st.text(min_size=1, max_size=60).filter(lambda text: not text.isspace())
TASKS = ("intent_classification", "text_classification", "multilabel", "ner", "pos")


def probabilities_of(table):
    names = [name for name in table if name.startswith("probability_")]
    if names:
        return table[names].to_numpy()
    return [np.asarray(row) for row in table["probabilities"]]


def test_a_label_comes_with_its_probability(make):
    table = make("intent_classification").predictor.predict(TEXTS)
    labels = ["ask", "book", "order"]
    assert list(table) == [
        "label",
        *(f"probability_{label}" for label in labels),
        "confidence",
        "abstained",
    ]
    found = probabilities_of(table)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert table["label"].tolist() == [labels[at] for at in found.argmax(axis=1)]
    np.testing.assert_array_equal(table["confidence"], found.max(axis=1))


def test_several_outputs_have_columns_of_their_own(make):
    table = make("text_classification").predictor.predict(TEXTS)
    assert list(table)[:2] == ["label_urgency", "label_intent"]
    assert {"probability_urgency_low", "probability_intent_book"} <= set(table)
    best = [
        table[[f"probability_{output}_{label}" for label in labels]].max(axis=1)
        for output, labels in {
            "urgency": ["high", "low"],
            "intent": ["ask", "book", "order"],
        }.items()
    ]
    np.testing.assert_array_equal(table["confidence"], np.min(best, axis=0))


def test_labels_are_given_above_their_thresholds(make):
    made = make("multilabel")
    table = made.predictor.predict(made.rows)
    bounds = made.decisions.thresholds.thresholds
    assert list(bounds) == ["late", "city"]
    expected = [
        [label for label in bounds if row[f"probability_{label}"] > bounds[label]]
        for _, row in table.iterrows()
    ]
    assert table["labels"].tolist() == expected
    assert 0 < sum(map(len, expected)) < 2 * len(table)


def test_thresholds_may_be_given(make):
    predictor = make("multilabel").predictor
    assert predictor.predict(TEXTS, {"thresholds": 1})["labels"].tolist() == [[]] * 3
    all_late = predictor.predict(TEXTS, {"thresholds": {"late": 0.0, "city": 1.0}})
    assert all_late["labels"].tolist() == [["late"]] * 3
    own = predictor.predict(TEXTS)["labels"]
    one = predictor.predict(TEXTS, {"thresholds": {"late": 1.0}})["labels"]
    assert one.tolist() == [[label for label in row if label == "city"] for row in own]


def test_the_most_probable_labels_may_be_asked_for(make):
    predictor = make("intent_classification").predictor
    whole, best = predictor.predict(TEXTS), predictor.predict(TEXTS, {"top_k": 2})
    assert list(best) == ["label", "top_labels", "top_probabilities", "confidence", "abstained"]
    for row in range(3):
        assert best["top_labels"][row][0] == whole["label"][row]
        named = [whole[f"probability_{label}"][row] for label in best["top_labels"][row]]
        assert best["top_probabilities"][row] == named == sorted(named, reverse=True)
        assert len(named) == 2
    many = make("multilabel").predictor.predict(TEXTS, {"top_k": 9})
    assert {len(row) for row in many["top_labels"]} == {2}
    each = make("text_classification").predictor.predict(TEXTS, {"top_k": 1})
    assert each["top_labels_intent"].map(lambda row: row[0]).tolist() == list(each["label_intent"])


def test_entities_stand_where_they_are_in_the_text(make):
    made = make("ner")
    table = made.predictor.predict(made.rows)
    assert sum(map(len, table["entities"])) > 5
    for text, entities in zip(made.rows["text"], table["entities"], strict=True):
        for one in entities:
            assert text[one["start"] : one["end"]] == one["text"]
            assert one["label"] == "city"


def test_words_are_answered_as_they_are_given(make):
    predictor = make("pos").predictor
    words = [text.split() for text in TEXTS]
    table = predictor.predict(words)
    assert table["tokens"].tolist() == words
    assert [len(row) for row in table["tags"]] == [len(row) for row in words]
    pd.testing.assert_frame_equal(table, predictor.predict(TEXTS))
    pd.testing.assert_frame_equal(table, predictor.predict(pd.DataFrame({"tokens": words})))
    (cut,) = predictor.predict(["the rome,oslo train"])["tokens"]
    assert cut == ["the", "rome", ",", "oslo", "train"]
    whole = {"text": ["the rome,oslo train"], "tokens": [["rome,oslo"]], "starts": [[4]]}
    assert predictor.predict(pd.DataFrame(whole))["tokens"].tolist() == [["rome,oslo"]]


def test_texts_come_in_a_list_a_series_or_a_table(made):
    index = pd.Index([7, 3, 3], name="mail")
    table = pd.DataFrame({"text": TEXTS, "other": [1, 2, 3]}, index=index)
    expected = made.predictor.predict(TEXTS)
    assert expected.index.tolist() == [0, 1, 2]
    for asked in (table, table["text"], table["text"].astype("string")):
        found = made.predictor.predict(asked)
        assert found.index.equals(index)
        pd.testing.assert_frame_equal(found.reset_index(drop=True), expected)
    pd.testing.assert_frame_equal(made.predictor.predict(np.array(TEXTS)), expected)


def test_no_texts_have_no_answers(made):
    none, some = made.predictor.predict([]), made.predictor.predict(TEXTS)
    assert len(none) == 0
    assert list(none) == list(some)
    assert {len(one) for one in made.predictor.predict_logits([]).values()} == {0}


def test_logits_have_a_row_for_each_text(make):
    for name in ("intent_classification", "text_classification", "multilabel"):
        made = make(name)
        for output, found in made.predictor.predict_logits(TEXTS).items():
            assert found.shape == (3, len(made.bundle.labels.outputs[output]))
            assert found.dtype == np.float32
    (rows,) = make("ner").predictor.predict_logits(TEXTS).values()
    assert [row.shape for row in rows] == [(4, 3), (8, 3), (1, 3)]


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(TEXT, min_size=1, max_size=6), data=st.data())
@pytest.mark.parametrize("name", ["intent_classification", "ner"])
def test_any_texts_are_answered_in_any_order_and_batches(make, name, texts, data):
    predictor = make(name).predictor
    order = data.draw(st.permutations(range(len(texts))))
    size = data.draw(st.integers(1, 8))
    table = predictor.predict(texts)
    moved = predictor.predict([texts[at] for at in order], {"batch_size": size})
    assert len(table) == len(texts)
    ours, theirs = probabilities_of(moved), probabilities_of(table.iloc[list(order)])
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)
    if name == "ner":
        for text, entities, tokens, starts in zip(
            texts, table["entities"], table["tokens"], table["starts"], strict=True
        ):
            assert all(text[one["start"] : one["end"]] == one["text"] for one in entities)
            assert all(text[a : a + len(b)] == b for a, b in zip(starts, tokens, strict=True))
            assert not "".join(text[a] for a in _outside(text, tokens, starts)).strip()


def _outside(text, tokens, starts):
    """Places of a text that are in none of its words."""
    inside = {a + at for a, word in zip(starts, tokens, strict=True) for at in range(len(word))}
    return sorted(set(range(len(text))) - inside)


BAD = (None, float("nan"), pd.NA, 3, "", " \t\n", b"bytes", "half \ud800 of it", ["a", "list"])


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.one_of(TEXT, st.sampled_from(BAD)), min_size=1, max_size=12))
@pytest.mark.parametrize("name", ["multilabel", "pos"])
def test_every_text_that_cannot_be_answered_is_named(make, name, rows):
    wrong = [f"row {at}" for at, row in enumerate(rows) if any(row is bad for bad in BAD)]
    predictor = make(name).predictor
    if not wrong:
        assert len(predictor.predict(rows)) == len(rows)
    elif name == "multilabel" or any(isinstance(row, str) for row in rows):
        with pytest.raises(DataError) as raised:
            predictor.predict(rows)
        assert [problem.where for problem in raised.value.problems] == wrong


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("a single text", "Put a single text into a list"),
        (3, "are a int"),
        ({"text": ["a"]}, "are a dict"),
        (pd.DataFrame({"body": ["a"]}), "text: must be a column, but the columns are: body"),
    ],
)
def test_what_is_no_list_of_texts_is_refused(made, given, said):
    with pytest.raises(DataError, match=said):
        made.predictor.predict(given)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([[]], "row 0: must have a word"),
        ([["a"], ["b", ""]], "row 1: must be words that are not empty"),
        ([["a"], ["b", 3]], "row 1: must be words"),
        ([["a"], 3], "row 1: must be a list of words"),
    ],
)
def test_words_that_cannot_be_answered_are_named(make, words, said):
    with pytest.raises(DataError, match=said):
        make("pos").predictor.predict(words)


def test_words_must_stand_where_they_are_said_to(make):
    rows = {"text": ["a b", "a b"], "tokens": [["a", "b"]] * 2, "starts": [[0, 2], [0, 1]]}
    with pytest.raises(DataError, match="row 1: must have starts"):
        make("pos").predictor.predict(pd.DataFrame(rows))


@pytest.mark.parametrize("name", TASKS)
def test_rows_to_score_need_an_id_and_the_truth(make, name):
    made = make(name)
    columns = made.bundle.labels.columns
    with pytest.raises(DataError) as raised:
        made.predictor.predict_rows(made.rows.drop(columns=["row_id", *columns]))
    assert [problem.where for problem in raised.value.problems] == ["row_id", *columns]


@pytest.mark.parametrize(
    ("name", "params", "wrong"),
    [
        ("pos", {"batchsize": 3, "top_k": 1}, ["batchsize", "top_k"]),
        ("ner", {"thresholds": 0.5, "batch_size": 0}, ["batch_size", "thresholds"]),
        ("multilabel", {"top_k": True, "batch_size": 1.5}, ["batch_size", "top_k"]),
        ("multilabel", {"thresholds": float("nan")}, ["thresholds"]),
        ("multilabel", "top_k", ["params"]),
        ("multilabel", {"thresholds": {"early": 0.1}}, ["thresholds"]),
        ("multilabel", {"thresholds": {"late": 2, "city": "x"}}, ["thresholds.late", "city"]),
    ],
)
def test_parameters_that_cannot_be_used_are_named(make, name, params, wrong):
    with pytest.raises(ConfigError) as raised:
        make(name).predictor.predict(TEXTS, params)
    found = [problem.where for problem in raised.value.problems]
    assert [where.removeprefix("thresholds.") for where in found] == [
        where.removeprefix("thresholds.") for where in wrong
    ]


def test_nothing_is_read_before_it_is_asked(make, tmp_path):
    folder = shutil.copytree(make("multilabel").bundle.folder, tmp_path / "bundle")
    (folder / "labels.json").unlink()
    predictor = Predictor(folder)
    for ask in (predictor.load, lambda: predictor.predict(["a"]), lambda: predictor.bundle):
        with pytest.raises(BundleError, match=r"labels\.json: must be in the bundle"):
            ask()


def test_a_bundle_that_was_changed_does_not_answer(make, tmp_path):
    folder = shutil.copytree(make("multilabel").bundle.folder, tmp_path / "bundle")
    text = (folder / "thresholds.json").read_text()
    (folder / "thresholds.json").write_text(text.replace("late", "Late"))
    with pytest.raises(BundleError, match=r"thresholds\.json"):
        Predictor(folder).predict(TEXTS)


def test_threads_that_ask_at_once_get_the_same_answers(make):
    predictor = Predictor(make("ner").bundle.folder, device="cpu")
    with ThreadPoolExecutor(4) as threads:
        tables = list(threads.map(predictor.predict, [TEXTS] * 8))
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])
