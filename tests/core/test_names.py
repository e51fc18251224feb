"""Any name is either accepted, and then safe everywhere it is used, or refused with a reason."""

from __future__ import annotations

import keyword
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dsf.core.errors import ProjectError
from dsf.core.names import MAX_LENGTH, name_project, suggest_name

near_names = st.from_regex(r"[A-Za-z0-9_.\-/ ]{0,45}", fullmatch=True)
any_text = st.one_of(st.text(max_size=60), near_names, st.sampled_from(["..", "a/b", "con", "é"]))


@pytest.mark.parametrize(
    ("name", "package", "prefix"),
    [
        ("my-new-project", "my_new_project", "MyNewProject"),
        ("my_new_project", "my_new_project", "MyNewProject"),
        ("digits", "digits", "Digits"),
        ("MyShop", "myshop", "MyShop"),
        ("a--b_-c", "a__b__c", "ABC"),
        ("shop2", "shop2", "Shop2"),
        ("shop-2-go", "shop_2_go", "Shop2Go"),
        ("x-", "x_", "X"),
    ],
)
def test_the_spellings_of_a_name(name: str, package: str, prefix: str) -> None:
    names = name_project(name)
    assert (names.project_name, names.package_name, names.class_prefix) == (name, package, prefix)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("", "begin with a letter"),
        ("2fast", "begin with a letter"),
        ("_private", "begin with a letter"),
        ("-rf", "begin with a letter"),
        ("a b", "begin with a letter"),
        ("shop\n", "begin with a letter"),
        ("größe", "ASCII"),
        ("../evil", "ASCII"),
        ("..", "ASCII"),
        ("/etc", "ASCII"),
        ("a/b", "ASCII"),
        ("a\\b", "ASCII"),
        ("C:", "ASCII"),
        ("class", "keyword"),
        ("None", "keyword"),
        ("Async", "keyword"),
        ("random", "standard library"),
        ("Email", "standard library"),
        ("dsf", "dsf uses itself"),
        ("dsf-trainer", "dsf uses itself"),
        ("tests", "dsf uses itself"),
        ("Trainer", "dsf uses itself"),
        ("torch", "dsf stands on"),
        ("pytorch-lightning", "dsf stands on"),
        ("COM1", "Windows"),
        ("nul", "Windows"),
        ("null", "YAML"),
        ("On", "YAML"),
        ("a" * (MAX_LENGTH + 1), f"at most {MAX_LENGTH}"),
    ],
)
def test_a_refusal_says_the_rule_what_came_and_what_to_try(name: str, rule: str) -> None:
    with pytest.raises(ProjectError) as caught:
        name_project(name)
    message = str(caught.value)
    assert rule in message
    assert repr(name) in message
    assert f"Try {suggest_name(name)!r}." in message


@given(any_text)
@example("a" * MAX_LENGTH)
def test_any_text_is_accepted_and_safe_or_refused(text: str) -> None:
    try:
        names = name_project(text)
    except ProjectError:
        return
    assert names.package_name.isidentifier()
    assert names.package_name.isascii()
    assert not keyword.iskeyword(names.package_name)
    assert names.package_name not in sys.stdlib_module_names
    assert names.class_prefix.isidentifier()
    assert names.class_prefix[0].isupper()
    inside = Path("/somewhere/else").resolve()
    assert (inside / text).resolve().parent == inside


@given(near_names)
def test_converting_twice_changes_nothing(text: str) -> None:
    try:
        names = name_project(text)
    except ProjectError:
        return
    try:
        again = name_project(names.package_name)
        prefix = name_project(names.class_prefix)
    except ProjectError:
        return  # "A-s" is fine, but its prefix "AS" is a keyword.
    assert again.package_name == names.package_name
    assert prefix.class_prefix == names.class_prefix


@given(any_text)
@example("my-")
@example("class")
@example("x" * 39 + "-" + "y" * 9)
def test_a_suggestion_always_passes(text: str) -> None:
    suggested = suggest_name(text)
    assert suggested is None or name_project(suggested)


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("größe", "groesse"),
        ("gro\u0308ße", "groesse"),  # an o and two dots of its own
        ("Ärzte für Übung", "Aerzte-fuer-Uebung"),
        ("café", "cafe"),
        ("Łódź", "Lodz"),
        ("smørrebrød", "smoerrebroed"),
        ("проект", None),
        ("my-日本", None),
        ("", "my-project"),
        ("…", "my-project"),
    ],
)
def test_letters_are_spelled_out_and_never_lost(name: str, suggested: str | None) -> None:
    assert suggest_name(name) == suggested


def test_without_a_suggestion_the_rule_stands_alone() -> None:
    with pytest.raises(ProjectError, match=r"ASCII letters.* but got 'проект'\.$"):
        name_project("проект")
