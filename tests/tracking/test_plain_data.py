"""Anything becomes data that JSON and YAML can hold, and nothing of it is lost."""

from __future__ import annotations

import enum
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.yaml_text import parse_yaml
from dsf.core.yaml_writer import dump_yaml
from dsf.tracking.plain_data import plain_data, to_json


class Kind(enum.IntEnum):
    SMALL = 1


class Name(str, enum.Enum):  # noqa: UP042 - the spelling of other people's code
    SMALL = "small"


TEXTS = st.text(st.characters(exclude_categories=()))
KEYS = st.one_of(
    TEXTS,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.tuples(st.integers(), TEXTS),
    st.integers(-9, 9).map(np.int64),
)
LEAVES = KEYS | st.binary() | st.just(Kind.SMALL) | st.floats(width=32).map(np.float32)
THINGS = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=8
)


def sizes(value):
    """How many things each mapping and list holds, from the outside in."""
    if isinstance(value, dict):
        return [len(value), *map(sizes, value.values())]
    return [len(value), *map(sizes, value)] if isinstance(value, list | tuple) else 0


@given(THINGS)
def test_everything_is_strict_json_and_yaml(thing):
    def refuse(word):
        raise AssertionError(word)

    plain = plain_data(thing)
    read = json.loads(to_json(thing).encode("utf-8"), parse_constant=refuse)
    document = parse_yaml(dump_yaml(plain))
    assert not document.faults
    assert sizes(thing) == sizes(plain) == sizes(read) == sizes(document.data)
    assert repr(document.data) == repr(plain)  # NaN is not equal to itself


@pytest.mark.parametrize(
    ("thing", "plain"),
    [
        ({np.int64(1): np.float32(0.5), (1, 2): 3}, {"1": 0.5, "(1, 2)": 3}),
        ({None: 1, True: 2, 1.5: 3}, {"null": 1, "true": 2, "1.5": 3}),
        (
            {"1": "a", 1: "b", np.str_("1 (int)"): 2},
            {"1": "a", "1 (int)": "b", "1 (int) (str_)": 2},
        ),
        ({Kind.SMALL: Name.SMALL, Name.SMALL: Kind.SMALL}, {"1": "small", "small": 1}),
        ({"a": Path("b"), "half \ud800": "\udfff"}, {"a": "b", "half ?": "?"}),
        ([np.array(2), np.bool_(True), np.datetime64("2026-11-22")], [2, True, "2026-11-22"]),
    ],
)
def test_each_thing_is_spelled_as_one_would(thing, plain):
    found = plain_data(thing)
    assert found == plain
    assert json.loads(json.dumps(found)) == plain


def test_what_json_has_no_word_for_is_text_that_a_number_is_made_of():
    read = json.loads(to_json([math.nan, math.inf, -math.inf, {"a": math.nan}]))
    assert read == ["nan", "inf", "-inf", {"a": "nan"}]
    assert [float(one) for one in read[1:3]] == [math.inf, -math.inf]


def test_what_holds_itself_has_an_end():
    loop: dict[str, object] = {"same": [1]}
    loop["again"] = [loop, loop["same"], loop["same"]]
    assert plain_data(loop) == {"same": [1], "again": ["…", [1], [1]]}
