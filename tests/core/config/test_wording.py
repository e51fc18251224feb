"""What is wrong is said in plain sentences."""

from __future__ import annotations

from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any, get_args

import pytest
from pydantic_core import core_schema

from dsf.core.config import Section, wording
from dsf.core.config.environment import EnvironmentText
from dsf.core.config.wording import explain_faults, show_value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (3, "3"),
        ("abc", "'abc'"),
        ([1, None], "[1, null]"),
        (list(range(9)), "a list of 9 items"),
        ({"a": False}, "{a: false}"),
        (dict.fromkeys("abcd"), "a mapping of 4 keys"),
        (EnvironmentText("secret", "${env:KEY}"), "'${env:KEY}'"),
        ([EnvironmentText("secret", "${env:KEY}")], "['${env:KEY}']"),
    ],
)
def test_values_are_shown_as_in_yaml(value: Any, shown: str) -> None:
    assert show_value(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Section, "dsf.core.config.sections.Section"),
        (show_value, "dsf.core.config.wording.show_value"),
        (Fraction(1, 2), "an object of fractions.Fraction"),
        (PurePosixPath("a/b"), "'a/b'"),
    ],
)
def test_live_objects_are_shown_by_their_name(value: Any, shown: str) -> None:
    assert show_value(value) == shown


def test_long_values_are_cut() -> None:
    assert len(show_value("x" * 1000)) < 70


def fault(kind: str, **context: Any) -> dict[str, Any]:
    return {"type": kind, "ctx": context, "msg": "Input should be something"}


@pytest.mark.parametrize(
    ("faults", "value", "said"),
    [
        ([fault("float_type")], "abc", "must be a number, not 'abc'"),
        ([fault("float_type")], "3e-4", "must be a number, not '3e-4'. Take it out of the quotes"),
        ([fault("float_type")], "nan", "must be a number, not 'nan'"),
        ([fault("float_type")], ".nan", "must be a number, not '.nan'. Take it out of the quotes"),
        ([fault("int_type")], "1_000", "must be a whole number, not '1_000'"),
        ([fault("int_type")], 1.5, "must be a whole number, not 1.5"),
        ([fault("string_type")], 3, "must be text, not 3. Put it in quotes"),
        ([fault("bool_type")], "yes", "must be true or false, not 'yes'"),
        ([fault("greater_than", gt=0.0)], -1, "must be more than 0, not -1"),
        ([fault("greater_than_equal", ge=1)], 0, "must be at least 1, not 0"),
        ([fault("literal_error", expected="'micro', 'macro' or 'weighted'")], "makro",
         "must be one of 'micro', 'macro' or 'weighted', not 'makro'. Did you mean 'macro'?"),
        ([fault("bool_type"), fault("int_type")], "x",
         "must be true or false or a whole number, not 'x'"),
        ([fault("value_error", error=ValueError("must be even"))], 3, "must be even, not 3"),
        ([fault("unheard_of")], 3, "input should be something, not 3"),
    ],
)  # fmt: skip
def test_faults_become_sentences(faults: list[dict[str, Any]], value: Any, said: str) -> None:
    assert explain_faults(faults, value) == said


def test_every_law_is_about_an_error_that_pydantic_knows() -> None:
    known = {*get_args(core_schema.ErrorType), "path_type"}  # the last is made by its Path type
    assert set(wording._LAWS) <= known
