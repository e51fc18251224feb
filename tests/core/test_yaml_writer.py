"""What is written is read back, by us and by others."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from dsf.core.yaml_text import parse_yaml
from dsf.core.yaml_writer import dump_yaml

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
AWKWARD = st.sampled_from(
    [
        "1e-6",
        "on",
        "no",
        "12:30",
        "~",
        "",
        "=",
        "<<",
        "- a",
        "a: b",
        "#",
        "'",
        "0o7",
        "\x85",
        ".nan",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT | AWKWARD
PLAIN = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXT | AWKWARD | st.integers(), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(PLAIN)
@example("\x85")
def test_what_is_written_is_read_back(data: Any) -> None:
    document = parse_yaml(dump_yaml(data))
    assert document.faults == []
    assert document.data == data
    assert repr(document.data) == repr(data)  # 1, 1.0 and true are three values


@pytest.mark.parametrize("text", ["on", "no", "12:30:45", "2026-11-21", "1_000", "1e-6", "null"])
def test_other_readers_take_text_for_text(text: str) -> None:
    assert yaml.safe_load(dump_yaml({"key": text})) == {"key": text}


def test_equal_objects_are_written_out_twice() -> None:
    shared = {"a": 1}
    assert "&" not in dump_yaml({"x": shared, "y": shared})


def test_keys_keep_their_order_and_items_are_set_in() -> None:
    assert dump_yaml({"b": [1], "a": "ä"}) == "b:\n  - 1\na: ä\n"
