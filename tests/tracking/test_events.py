"""What is logged becomes a line, and the line gives it back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.tracking.events import Event, flatten, from_line, milliseconds, to_line

names = st.text(min_size=1, max_size=20)
anything = st.text(st.characters(), max_size=50)  # halves of surrogate pairs too
numbers = st.floats(allow_nan=True, allow_infinity=True)
times = st.integers(0, 2**62)

events = st.one_of(
    st.builds(
        lambda at, step, values: Event("metrics", at, {"step": step, "values": values}),
        times,
        st.integers(-(2**70), 2**70),
        st.dictionaries(anything, numbers, max_size=4),
    ),
    st.builds(
        lambda kind, at, pairs: Event(kind, at, {kind: pairs}),
        st.sampled_from(["params", "tags"]),
        times,
        st.dictionaries(anything, anything, max_size=4),
    ),
    st.builds(lambda at, text: Event("description", at, {"text": text}), times, anything),
)


@given(events)
def test_a_line_gives_back_what_was_logged(event):
    line = to_line(event)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert repr(from_line(line)) == repr(event)  # repr, since NaN equals nothing


@given(events)
def test_a_line_is_strict_json_in_utf_8(event):
    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    json.loads(to_line(event).decode("utf-8"), parse_constant=refuse)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b'{"kind":"metrics","time":1}',
        b'{"kind":"metrics","time":1,"step":1.5,"values":{}}',
        b'{"kind":"metrics","time":1,"step":1,"values":{"a":"much"}}',
        b'{"kind":"metrics","time":1,"step":1,"values":{"a":true}}',
        b'{"kind":"secret","time":1}',
        b'{"kind":"tags","tags":{}}',
        b"\xff\n",
    ],
)
def test_other_lines_are_refused(line):
    with pytest.raises(ValueError, match=r"."):
        from_line(line)


def test_nested_values_get_dotted_names():
    given_values = {"a": {"b": 1, "c": {"d": None}}, "e": [1, {"f": 2}], "g": {}, 3: "x", "h": True}
    assert flatten(given_values) == {
        "a.b": "1",
        "a.c.d": "None",
        "e": '[1, {"f": 2}]',
        "g": "{}",
        "3": "x",
        "h": "True",
    }


def test_times_are_in_milliseconds():
    assert milliseconds(1.5) == 1500
    assert milliseconds() > 1_700_000_000_000
