"""Single values from outside go where their path says, or say why they cannot."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.config.overrides import apply_edit, read_environ, read_overrides
from dsf.core.yaml_writer import dump_yaml

KEYS = st.text("abc", min_size=1, max_size=2)
LEAVES = st.none() | st.booleans() | st.integers() | st.text("xyz ", max_size=3)
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=10,
    ),
    min_size=1,
    max_size=3,
)


def with_overrides(tree: dict[Any, Any], *overrides: str) -> dict[Any, Any]:
    tree = copy.deepcopy(tree)
    edits, problems = read_overrides(overrides)
    problems += [problem for edit in edits if (problem := apply_edit(tree, edit))]
    assert problems == []
    return tree


def problem_of(tree: dict[Any, Any], override: str) -> str:
    before = copy.deepcopy(tree)
    edits, problems = read_overrides([override])
    problems += [problem for edit in edits if (problem := apply_edit(tree, edit))]
    (problem,) = problems
    assert tree == before
    return str(problem)


def paths(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    children: list[Any] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    below = [p for key, item in children for p in paths(item, (*path, str(key)))]
    return [*([path] if path else []), *below]


def get(tree: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        tree = tree[int(key)] if isinstance(tree, list) else tree[key]
    return tree


@given(TREES, LEAVES, st.data())
def test_an_override_sets_its_path_and_nothing_else(tree: Any, value: Any, data: Any) -> None:
    path = data.draw(st.sampled_from(paths(tree)))
    text = dump_yaml([value]).removeprefix("- ").strip()
    edited = with_overrides(tree, f"{'.'.join(path)}={text}")
    assert get(edited, path) == value
    for other in paths(tree):
        if other[: len(path)] != path and path[: len(other)] != other:
            assert get(edited, other) == get(tree, other)


def test_values_are_yaml() -> None:
    edited = with_overrides({}, "a=1e-3", "b=true", "c=[1, x]", "d=", "e='3'", "f=x=y", "g={h: 1}")
    assert edited == {
        "a": 1e-3, "b": True, "c": [1, "x"], "d": None, "e": "3", "f": "x=y", "g": {"h": 1},
    }  # fmt: skip


def test_items_of_lists_are_set_one_by_one() -> None:
    tree = {"callbacks": [{"x": 1}, {"x": 2}]}
    assert with_overrides(tree, "callbacks.1.x=3", "callbacks.0=no") == {
        "callbacks": ["no", {"x": 3}]
    }


def test_mappings_on_the_way_are_made() -> None:
    assert with_overrides({"a": None}, "a.b.c=1", "d.e=2") == {"a": {"b": {"c": 1}}, "d": {"e": 2}}


def test_a_mapping_is_laid_over_what_is_there() -> None:
    assert with_overrides({"a": {"b": 1, "c": 2}}, "a={c: 3}") == {"a": {"b": 1, "c": 3}}


def test_a_key_that_is_a_number_is_found_whichever_it_is() -> None:
    assert with_overrides({"s": {0: 8}}, "s.0=9", "s.4=2") == {"s": {0: 9, 4: 2}}
    assert with_overrides({"s": {"0": 8}}, "s.0=9", "s.4=2") == {"s": {"0": 9, "4": 2}}


def test_later_overrides_win() -> None:
    assert with_overrides({}, "a=1", "a=2") == {"a": 2}


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("a", "--set: must be written path.to.key=value, not 'a'"),
        ("=1", "--set: must be written path.to.key=value, not '=1'"),
        ("a..b=1", "--set: must be written path.to.key=value, not 'a..b=1'"),
        ("l.7=1", "l.7: index 7 out of range: l has 2 items (--set l.7=1)"),
        ("l.7.x=1", "l.7.x: index 7 out of range: l has 2 items (--set l.7.x=1)"),
        ("one.1=1", "one.1: index 1 out of range: one has 1 item (--set one.1=1)"),
        ("l.x=1", "l.x: l is a list of 2 items: an index is needed, not 'x' (--set l.x=1)"),
        ("l.-1=1", "l.-1: l is a list of 2 items: an index is needed, not '-1' (--set l.-1=1)"),
        ("s.x=1", "s.x: s is 3, which has no key 'x' (--set s.x=1)"),
        ("l.0.x.y=1", "l.0.x.y: l.0 is 'p', which has no key 'x' (--set l.0.x.y=1)"),
        ("new.0=1", "new.0: index 0 out of range: there is no list at new (--set new.0=1)"),
        ("null.b.0=1", "null.b.0: index 0 out of range: there is no list at null.b "
         "(--set null.b.0=1)"),
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_told_and_changes_nothing(override: str, said: str) -> None:
    assert problem_of({"l": ["p", "q"], "one": [1], "s": 3, "null": None}, override) == said


def test_an_index_of_any_length_is_out_of_range() -> None:
    assert "out of range" in problem_of({"l": [1]}, f"l.{'9' * 5000}=1")


def test_a_value_that_is_no_yaml_is_told() -> None:
    assert problem_of({}, "a=[").startswith("--set a=[: the value must be YAML, but")


def test_variables_are_read_in_the_order_of_their_names() -> None:
    environ = {
        "DSF__b__0__c": "2",
        "DSF__a__b": "[1]",
        "DSF_ENV": "x",
        "PATH": "/bin",
        "DSF__": "1",
        "DSF__a____b": "1",
        "DSF__z": "{",
    }
    edits, problems = read_environ(environ)
    assert [(edit.path, edit.value) for edit in edits] == [(("a", "b"), [1]), (("b", "0", "c"), 2)]
    assert edits[0].source == "environment: DSF__a__b"
    assert [problem.where for problem in problems] == [
        "environment: DSF__",
        "environment: DSF__a____b",
        "environment: DSF__z",
    ]
