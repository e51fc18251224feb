"""Tags of tokens fit their texts, give entities, and come back from the disk as they went."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, DataError
from dsf.core.prediction_kinds import read_predictions
from dsf.core.tag_predictions import Entity, TagPredictions
from dsf.core.tagging import list_tags, repair_tags, tags_to_spans

LABELS = ["city", "day"]
FIELDS = ("texts", "starts", "tokens", "targets", "predictions", "confidences", "tags", "scheme")


def make(**changes):
    fields = {
        "row_ids": np.array([4, 2]),
        "texts": ["To New  York, now", "hi"],
        "starts": [[0, 3, 8, 12, 14], [0]],
        "tokens": [["To", "New", "York", ",", "now"], ["hi"]],
        "targets": [["O", "B-city", "I-city", "O", "B-day"], ["O"]],
        "predictions": [["O", "I-city", "I-city", "O", "B-day"], ["O"]],
        "confidences": [[0.9, 0.5, 0.75, 1.0, 0.25], [1.0]],
        "tags": list_tags(LABELS, "iob2"),
        "scheme": "iob2",
    }
    return TagPredictions(**(fields | changes))


@st.composite
def tagged(draw):
    scheme = draw(st.sampled_from(["iob2", "bilou", None]))
    tags = list_tags(LABELS, scheme) if scheme else ["N", "V", "Ü"]
    words = st.lists(st.text(alphabet="abü😀", min_size=1, max_size=3), max_size=4)
    tokens = draw(st.lists(words, max_size=4))
    rows = [st.lists(st.sampled_from(tags), min_size=len(r), max_size=len(r)) for r in tokens]
    starts = [[sum(map(len, row[:i])) + i for i in range(len(row))] for row in tokens]
    truth = [draw(row) for row in rows]
    return TagPredictions(
        row_ids=np.arange(len(tokens))[::-1],
        texts=[" ".join(row) for row in tokens],
        starts=starts,
        tokens=tokens,
        targets=[repair_tags(row, scheme) for row in truth] if scheme else truth,
        predictions=[draw(row) for row in rows],
        confidences=[[draw(st.floats(0, 1)) for _ in row] for row in tokens],
        tags=tags,
        scheme=scheme,
    )


@given(given_=tagged())
def test_round_trip(tmp_path_factory, given_):
    path = tmp_path_factory.mktemp("p") / "predictions.parquet"
    given_.write(path)
    read = read_predictions(path)
    assert isinstance(read, TagPredictions)
    assert read.row_ids.tolist() == given_.row_ids.tolist()
    for field in FIELDS:
        assert getattr(read, field) == getattr(given_, field)


@given(given_=tagged())
def test_every_token_with_a_label_is_in_an_entity_with_that_text(given_):
    if given_.scheme is None:
        return
    for row, tags in enumerate(given_.predictions):
        covered = set()
        for entity in given_.entities(row):
            assert given_.texts[row][entity.start : entity.end] == entity.text
            inside = [
                at
                for at, start in enumerate(given_.starts[row])
                if entity.start <= start < entity.end
            ]
            assert {tags[at][2:] for at in inside} == {entity.label}
            assert entity.confidence == min(given_.confidences[row][at] for at in inside)
            covered |= set(inside)
        assert covered == {at for at, tag in enumerate(tags) if tag != "O"}


def test_entities_have_place_text_and_the_lowest_confidence():
    made = make()
    assert made.entities(0) == [
        Entity(3, 12, "city", "New  York", 0.5),
        Entity(14, 17, "day", "now", 0.25),
    ]
    assert made.entities(1) == []
    assert tags_to_spans(made.predictions[0], "iob2") != tags_to_spans(made.targets[0], "iob2")


def test_the_file_has_the_entities_for_whoever_reads_it(tmp_path):
    make().write(tmp_path / "p.parquet")
    entities = pd.read_parquet(tmp_path / "p.parquet")["entities"]
    assert entities[0][1] == {
        "start": 14,
        "end": 17,
        "label": "day",
        "text": "now",
        "confidence": 0.25,
    }
    assert len(entities[1]) == 0


def test_tags_without_a_scheme_have_no_entities():
    made = make(scheme=None)
    assert "entities" not in made.to_frame()
    with pytest.raises(ConfigError, match="tag_scheme: must be named"):
        made.entities(0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"texts": ["hi"]}, "texts: must have one value a row, but has 1 for 2 rows"),
        (
            {"confidences": [[0.9], [1.0]]},
            r"confidences: must have one value a token, but rows \[0\] have \['1 for 5'\]",
        ),
        ({"row_ids": np.array([4, 4])}, r"row_ids: must be unique, but these repeat: \[4\]"),
        (
            {"predictions": [["O"] * 5, ["B-street"]]},
            r"predictions: must be among the tags, but rows \[1\] have \['B-street'\]",
        ),
        (
            {"targets": [["O", "O", "I-city", "O", "O"], ["O"]]},
            "targets, row 0, token 2: must not be I-city",
        ),
        ({"starts": [[0, 3, 7, 12, 14], [0]]}, r"starts: must say where .* but rows \[0\] do not"),
        ({"starts": [[0, 3, 8, 12, -3], [0]]}, r"starts: must say where .* but rows \[0\] do not"),
        (
            {"confidences": [[0.9, float("nan"), 0, 1, 1], [1.5]]},
            r"confidences: must be numbers between 0 and 1, but are not in rows \[0, 1\]",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(changes, message):
    with pytest.raises(DataError, match=message):
        make(**changes)


def test_an_unknown_scheme_is_refused():
    with pytest.raises(ConfigError, match="must be one of iob2, bilou, but is 'iob1'"):
        make(scheme="iob1")


def test_many_problems_are_counted():
    wrong = [["I-city"]] * 30
    with pytest.raises(DataError, match="… and 10 more") as caught:
        make(
            row_ids=np.arange(30),
            texts=["hi"] * 30,
            starts=[[0]] * 30,
            tokens=[["hi"]] * 30,
            targets=wrong,
            predictions=wrong,
            confidences=[[1.0]] * 30,
        )
    assert len(caught.value.problems) == 21


@given(tagged(), st.data())
def test_some_rows_are_taken_in_the_order_they_are_named(made, data):
    rows = len(made.row_ids)
    places = data.draw(st.lists(st.integers(0, rows - 1), unique=True) if rows else st.just([]))
    taken = made.take(np.array(places, dtype=int))
    assert taken.row_ids.tolist() == [made.row_ids[place] for place in places]
    for name in ("texts", "starts", "tokens", "targets", "predictions", "confidences"):
        assert getattr(taken, name) == [getattr(made, name)[place] for place in places]
    assert (taken.tags, taken.scheme) == (made.tags, made.scheme)
