"""Texts with entities as spans of characters become words with tags, and no entity is lost."""

import json
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsf.core.errors import DataError
from dsf.core.tagging import tags_to_spans
from dsf.data.readers import read_rows

ANY_FILE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def write(tmp_path, *records):
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


def found_spans(row):
    for first, end, label in tags_to_spans(row.tags, "iob2"):
        last = end - 1
        yield [row.starts[first], row.starts[last] + len(row.tokens[last]), label]


@st.composite
def texts_with_entities(draw):
    text = draw(st.text(st.sampled_from("ab1 .,-é😀\n"), min_size=1).filter(str.strip))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = [[*pair, draw(st.sampled_from("xy"))] for pair in pairwise(cuts)]
    return text, [one for one in spans if text[one[0] : one[1]].strip() == text[one[0] : one[1]]]


@ANY_FILE
@given(cases=st.lists(texts_with_entities(), min_size=1, max_size=4))
def test_entities_come_back(tmp_path, cases):
    records = [{"text": text, "entities": entities} for text, entities in cases]
    rows = read_rows(write(tmp_path, *records), format="spans")
    for row, (text, entities) in zip(rows.itertuples(), cases, strict=True):
        assert row.text == text
        assert list(found_spans(row)) == entities
        for token, start in zip(row.tokens, row.starts, strict=True):
            assert text[start : start + len(token)] == token
        assert "".join(row.tokens) == "".join(text.split())


def test_entities_may_be_objects(tmp_path):
    entity = {"label": "city", "start": 3, "end": 7}
    (row,) = read_rows(
        write(tmp_path, {"text": "to Rome's", "entities": [entity]}), format="spans"
    ).itertuples()
    assert (row.tokens, row.tags) == (["to", "Rome", "'", "s"], ["O", "B-city", "O", "O"])


def test_vowel_signs_belong_to_their_word(tmp_path):
    text = "दिल्ली से e\u0301té."
    rows = read_rows(write(tmp_path, {"text": text, "entities": [[0, 6, "x"]]}), format="spans")
    assert rows.tokens[0] == ["दिल्ली", "से", "e\u0301té", "."]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (
            {"text": "ab", "entities": [[0, 3, "x"]]},
            "line 1, entities 0: must lie in the text",
        ),
        ({"text": "a b", "entities": [[0, 2, "x"]]}, "must begin and end with a word"),
        ({"text": "abc", "entities": [[0, 2, "x"], [1, 3, "y"]]}, "must not overlap"),
        ({"text": "abc", "entities": [[0, 2]]}, r"must be \[start, end, label\]"),
        ({"text": "abc", "entities": [[0, 2.5, "x"]]}, "two numbers and a text"),
        ({"text": "abc", "entities": [[0, 2, "x "]]}, "white space around it"),
        (
            {"text": "abc", "entities": None},
            r"line 1, entities: must be a list; a text may have \[\] \(options: drop_missing\)",
        ),
        ({"text": "abc"}, r"entities: is not there\. Name yours: entities_column"),
        ({"body": "abc", "entities": []}, r"text: is not there\. Name yours: text_column"),
        ({"text": 7, "entities": []}, "line 1, text: must be text, but is 7"),
        ({"text": " ", "entities": []}, r"line 1, text: must be a text .* \(options: drop_empty\)"),
        ([1], r"line 1: must be an object, but is \[1\] \(lists need"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, record, message):
    with pytest.raises(DataError, match=message):
        read_rows(write(tmp_path, record), format="spans")


@ANY_FILE
@given(
    values=st.lists(
        st.lists(st.integers(-1, 5) | st.sampled_from(["x", "\ud800", None]), max_size=4),
        max_size=3,
    ),
    text=st.none() | st.text(max_size=5) | st.just("\ud800"),
)
def test_any_entities_give_rows_or_a_data_error(tmp_path, values, text):
    path = write(tmp_path, {"text": text, "entities": values})
    try:
        (row,) = read_rows(path, format="spans").itertuples()
    except DataError:
        return
    assert len(list(found_spans(row))) == len(values)
