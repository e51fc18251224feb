"""YAML is read without surprises, and never half."""

from __future__ import annotations

import math
from typing import Any

import pytest

from dsf.core import yaml_text
from dsf.core.yaml_text import Fault, parse_yaml


def read(text: str) -> Any:
    document = parse_yaml(text)
    assert document.faults == []
    return document.data


def only_fault(text: str) -> Fault:
    (fault,) = parse_yaml(text).faults
    return fault


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-6", 1e-6),
        ("2E3", 2000.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("-.INF", -math.inf),
        ("010", 10),
        ("0x1f", 31),
        ("0o17", 15),
        ("+3", 3),
        ("True", True),
        ("~", None),
        ("", None),
        ("on", "on"),
        ("no", "no"),
        ("Yes", "Yes"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("2026-11-21", "2026-11-21"),
        ("0b11", "0b11"),
        ("'1'", "1"),
        ("e5", "e5"),
    ],
)
def test_only_null_booleans_and_numbers_are_no_text(text: str, value: Any) -> None:
    assert read(f"key: {text}") == {"key": value}
    assert type(read(f"key: {text}")["key"]) is type(value)


def test_nan_is_a_number() -> None:
    assert math.isnan(read(".nan"))


def test_every_key_and_item_has_its_line() -> None:
    lines = parse_yaml("a:\n  b: 1\n  c:\n    - x\n    - d: 2\n").lines
    assert lines == {
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "c"): 3,
        ("a", "c", 0): 4,
        ("a", "c", 1): 5,
        ("a", "c", 1, "d"): 5,
    }


def test_each_key_that_stands_twice_is_a_fault_with_both_lines() -> None:
    faults = parse_yaml("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n").faults
    assert [(fault.line, fault.message) for fault in faults] == [
        (4, "the key 'c' must stand once, but is on line 3 too"),
        (5, "the key 'a' must stand once, but is on line 1 too"),
    ]


def test_aliases_and_merged_mappings_are_read() -> None:
    data = read("base: &b {x: 1, y: 2}\nown: {y: 3, <<: *b}\nall: {<<: [*b, {z: 4, x: 9}]}\n")
    assert data["own"] == {"x": 1, "y": 3}
    assert data["all"] == {"x": 1, "y": 2, "z": 4}


def test_merging_what_is_no_mapping_is_a_fault() -> None:
    assert "must be a mapping" in only_fault("a: {<<: 3}").message


def test_whole_numbers_may_be_keys_and_other_things_may_not() -> None:
    assert read("0: a\n'0': b") == {0: "a", "0": "b"}
    assert "a key must be text or a whole number, not true" in only_fault("true: 1").message
    assert "not a list or mapping" in only_fault("? [a]\n: 1").message


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system", "!!binary", "!!set", "!!timestamp", "!own"]
)
def test_no_tag_makes_an_object(tag: str) -> None:
    fault = only_fault(f"a: 1\nb: {tag} 'x'")
    assert fault.line == 2
    assert "must not be used" in fault.message


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: [1", 1, "expected ',' or ']'"),
        ("a:\n\t- b", 2, "a tab cannot indent: use spaces"),
        ("a: 1\n--- 2", 2, "a single document"),
        ("a: *b", 1, "undefined alias 'b'"),
        ("a: \x01", None, "unacceptable character"),
        ("a: !!int x", 1, "must be a whole number, not 'x'"),
        ("a: !!bool x", 1, "must be true or false, not 'x'"),
        ("a: " + "9" * 5000, 1, "must be a whole number"),
        ('a: "\\ud800"', 1, "text that UTF-8 can hold"),
        ("a: &a [*a]", 1, "must not stand inside what it stands for"),
        ("[" * 5000, None, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_explained(text: str, line: int | None, said: str) -> None:
    fault = only_fault(text)
    assert fault.line == line
    assert said in fault.message


def test_aliases_of_aliases_are_stopped() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 12):
        items = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"a{level}: &a{level} [{items}]")
    fault = only_fault("\n".join(lines))
    assert f"more than {yaml_text.MAX_VALUES} values" in fault.message
