"""Values from the environment are filled in, and remember how they were spelled."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.config.environment import EnvironmentText, escape_text, fill_environment

ENVIRON = {"HOST": "db.example", "EMPTY": "", "PORT": "5432"}


def fill(value: object) -> object:
    filled, problems = fill_environment(value, ENVIRON, lambda path: f" (at {path})")
    assert problems == []
    return filled


def test_variables_are_filled_in_everywhere() -> None:
    tree = {"a": "${env:HOST}", "b": ["sql://${env:HOST}:${env:PORT}/x", {"c": 3}], 0: None}
    assert fill(tree) == {"a": "db.example", "b": ["sql://db.example:5432/x", {"c": 3}], 0: None}


def test_the_spelling_is_remembered_through_copies_and_pickles() -> None:
    text = fill("sql://${env:HOST}")
    for twin in (text, copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert isinstance(twin, EnvironmentText)
        assert twin == "sql://db.example"
        assert twin.spelling == "sql://${env:HOST}"


def test_text_without_a_variable_is_plain() -> None:
    assert type(fill("$HOME ${HOST} {env:HOST}")) is str
    assert type(fill("$${env:HOST}")) is str


def test_a_variable_may_be_empty() -> None:
    assert fill("${env:EMPTY}") == ""


def test_what_is_not_set_is_told_with_its_place() -> None:
    tree = {"a": "${env:NOPE}", "b": ["${env:1X}", "${env:}"]}
    _, problems = fill_environment(tree, ENVIRON, lambda path: f" (line {len(path)})")
    assert [str(problem) for problem in problems] == [
        "a: the environment variable 'NOPE' must be set, but is not (line 1)",
        "b.0: an environment variable is written ${env:NAME}, not '${env:1X}' (line 2)",
        "b.1: an environment variable is written ${env:NAME}, not '${env:}' (line 2)",
    ]


@pytest.mark.parametrize(
    "text", ["${env:HOST}", "a ${env:HOST} b", "$${env:HOST}", "${env:${env:X}"]
)
def test_escaped_text_stands_for_itself(text: str) -> None:
    assert fill(escape_text(text)) == text


@given(st.text("${}env:X", max_size=30))
def test_any_text_can_be_escaped(text: str) -> None:
    assert fill(escape_text(text)) == text
