"""Tags and spans say the same, and what breaks a scheme is named with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, DataError
from dsf.core.tagging import (
    SCHEMES,
    TokenSpan,
    check_tags,
    convert_tags,
    list_tags,
    repair_tags,
    spans_to_tags,
    split_tag,
    tags_to_spans,
)

LABELS = ["city", "street-name"]


@st.composite
def spans(draw):
    """Spans that do not overlap, some of them touching, and the number of tokens."""
    found, at = [], 0
    for gap, length, label in draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4), st.sampled_from(LABELS)))
    ):
        found.append(TokenSpan(at + gap, at + gap + length, label))
        at += gap + length
    return found, at + draw(st.integers(0, 2))


@pytest.mark.parametrize("scheme", SCHEMES)
@given(case=spans())
def test_spans_come_back_from_their_tags(scheme, case):
    expected, length = case
    tags = spans_to_tags(reversed(expected), length, scheme)
    assert len(tags) == length
    assert set(tags) <= set(list_tags(LABELS, scheme))
    assert check_tags(tags, scheme) == []
    assert tags_to_spans(tags, scheme) == expected
    other = SCHEMES[1 - SCHEMES.index(scheme)]
    assert convert_tags(convert_tags(tags, scheme, other), other, scheme) == tags


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_sound_tags_are_those_that_spans_make(scheme, data):
    """The check and the reading agree on every sequence, sound or not."""
    tags = data.draw(st.lists(st.sampled_from(list_tags(LABELS, scheme)), max_size=6))
    read = tags_to_spans(tags, scheme)
    assert (check_tags(tags, scheme) == []) == (spans_to_tags(read, len(tags), scheme) == tags)


def test_the_schemes_by_an_example():
    iob2 = ["B-city", "O", "B-city", "I-city", "I-city", "B-city"]
    bilou = ["U-city", "O", "B-city", "I-city", "L-city", "U-city"]
    assert convert_tags(iob2, "iob2", "bilou") == bilou
    assert convert_tags(bilou, "bilou", "iob2") == iob2
    assert list_tags(["a", "b"], "iob2") == ["O", "B-a", "I-a", "B-b", "I-b"]
    assert split_tag("O") == ("O", "")


@pytest.mark.parametrize(
    ("scheme", "tags", "read"),
    [
        ("iob2", ["I-city", "I-city"], []),
        ("iob2", ["B-city", "I-street-name"], [(0, 1, "city")]),
        ("bilou", ["B-city", "I-city", "O"], []),
        ("bilou", ["B-city", "L-street-name", "U-city"], [(2, 3, "city")]),
        ("bilou", ["B-city", "B-city", "L-city"], [(1, 3, "city")]),
        ("bilou", ["L-city"], []),
    ],
)
def test_an_answer_that_breaks_the_scheme_is_read_strictly(scheme, tags, read):
    assert tags_to_spans(tags, scheme) == read


@pytest.mark.parametrize(
    ("scheme", "tags", "where"),
    [
        ("iob2", ["O", "I-city"], ["row 3, token 1"]),
        ("iob2", ["B-city", "I-street-name", "X", "U-city", "B-", None], [1, 2, 3, 4, 5]),
        ("bilou", ["B-city", "O", "L-city"], [1, 2]),
        ("bilou", ["O", "B-city"], ["row 3, end"]),
        ("bilou", ["B-city", "U-city"], [1]),
    ],
)
def test_every_break_is_named_with_its_place(scheme, tags, where):
    places = [at if isinstance(at, str) else f"row 3, token {at}" for at in where]
    assert [problem.where for problem in check_tags(tags, scheme, "row 3")] == places


def test_messages_say_what_must_hold():
    with pytest.raises(
        DataError, match=r"token 1: must be I-city or L-city after B-city, but is O"
    ):
        convert_tags(["B-city", "O"], "bilou", "iob2")
    with pytest.raises(DataError, match="… and 5 more"):
        convert_tags(["x"] * 25, "iob2", "bilou")
    with pytest.raises(DataError) as caught:
        spans_to_tags([TokenSpan(0, 2, "a"), TokenSpan(1, 3, "b"), TokenSpan(2, 9, "c")], 4, "iob2")
    assert [problem.where for problem in caught.value.problems] == [
        "span 1 to 3 (b)",
        "span 2 to 9 (c)",
    ]
    with pytest.raises(ConfigError, match="one of iob2, bilou, but is 'iob1'"):
        list_tags(["a"], "iob1")


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_repaired_tags_are_sound_and_lose_no_label(scheme, data):
    tags = data.draw(st.lists(st.sampled_from(list_tags(LABELS, scheme)), max_size=6))
    repaired = repair_tags(tags, scheme)
    assert check_tags(repaired, scheme) == []
    assert [split_tag(tag)[1] for tag in repaired] == [split_tag(tag)[1] for tag in tags]
    if check_tags(tags, scheme) == []:
        assert repaired == tags
    # A span that was read from the tags as they are is read from the repaired ones, or is the
    # beginning of one: nothing that begins is joined to what stands before it.
    found = {span.start for span in tags_to_spans(repaired, scheme)}
    assert {span.start for span in tags_to_spans(tags, scheme)} <= found


def test_what_is_no_tag_is_repaired_to_outside():
    assert repair_tags(["B-city", "X", "I-city", "L-city"], "iob2") == [
        "B-city",
        "O",
        "B-city",
        "O",
    ]
