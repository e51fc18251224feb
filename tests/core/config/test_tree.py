"""Layers of nested data merge by a few laws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.config.tree import copy_tree, dotted, lookup, merge

KEYS = st.text("abcd", min_size=1, max_size=2)
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
VALUES = st.recursive(
    LEAVES | st.lists(LEAVES, max_size=3),
    lambda inner: st.dictionaries(KEYS, inner, min_size=1, max_size=3),
    max_leaves=8,
)
TREES = st.dictionaries(KEYS, VALUES, max_size=4)


def shape(depth: int) -> st.SearchStrategy[Any]:
    """Trees in which the same key always holds the same kind: what layers of one schema are."""
    below = LEAVES.filter(lambda leaf: leaf is not None) if depth == 0 else shape(depth - 1)
    return st.fixed_dictionaries({}, optional={"a": LEAVES, "m": below, "n": below})


def split(tree: dict[str, Any], choose: Any) -> list[dict[str, Any]]:
    """Deal the keys of a tree to three layers that have no key in common."""
    layers: list[dict[str, Any]] = [{}, {}, {}]
    for key, value in tree.items():
        layers[choose()][key] = value
    return layers


@given(TREES, TREES, TREES, st.data())
def test_layers_without_a_common_key_merge_in_any_grouping_and_order(
    one: Any, two: Any, three: Any, data: st.DataObject
) -> None:
    whole = {**one, **two, **three}
    first, second, third = split(whole, lambda: data.draw(st.integers(0, 2)))
    left = merge(merge(first, second), third)
    assert left == merge(first, merge(second, third)) == whole
    assert left == merge(third, merge(second, first))


@given(shape(2), shape(2), shape(2))
def test_layers_of_one_shape_merge_in_any_grouping(one: Any, two: Any, three: Any) -> None:
    assert merge(merge(one, two), three) == merge(one, merge(two, three))


@given(TREES, TREES)
def test_the_last_layer_wins(below: Any, over: Any) -> None:
    merged = merge(below, over)
    for path, value in leaves(over):
        assert lookup(merged, path) == value
    for path, value in leaves(below):
        if not any(path[: len(other)] == other[: len(path)] for other, _ in leaves(over)):
            assert lookup(merged, path) == value


@given(TREES)
def test_nothing_is_neutral_and_the_same_changes_nothing(tree: Any) -> None:
    assert merge(tree, {}) == merge({}, tree) == merge(tree, tree) == tree


@given(TREES, TREES)
def test_merging_leaves_its_layers_alone(below: Any, over: Any) -> None:
    before = copy_tree([below, over])
    merged = merge(below, over)
    for value in merged.values():
        if isinstance(value, list | dict):
            value.clear()
    assert over == before[1]


def leaves(tree: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    found = []
    for key, value in tree.items():
        inside = leaves(value, (*path, key)) if isinstance(value, dict) else None
        found += [((*path, key), value)] if inside is None else inside
    return found


def test_lists_are_replaced_whole() -> None:
    assert merge({"a": [1, 2, 3], "b": 1}, {"a": [4]}) == {"a": [4], "b": 1}


def test_the_arguments_of_a_reference_merge_with_those_of_the_same() -> None:
    below = {"class_path": "lightning.pytorch.X", "init_args": {"a": 1, "b": 2}}
    over = {"class_path": "pytorch_lightning.X", "init_args": {"b": 3}}
    assert merge({"k": below}, {"k": over})["k"]["init_args"] == {"a": 1, "b": 3}
    assert merge({"k": below}, {"k": {"init_args": {"b": 3}}})["k"]["init_args"]["a"] == 1


@pytest.mark.parametrize(
    "over", [{"class_path": "m.Y"}, {"module": "m", "func": "X", "kwargs": {}}]
)
def test_another_reference_replaces_the_one_below_whole(over: dict[str, Any]) -> None:
    below = {"class_path": "m.Z", "init_args": {"a": 1}}
    assert merge({"k": below}, {"k": over}) == {"k": over}
    assert merge({"k": {"init_args": {"a": 1}}}, {"k": over}) == {"k": over}
    assert merge({"k": over}, {"k": {"plain": 1}}) == {"k": {**over, "plain": 1}}


def test_a_copy_has_new_containers_and_the_same_live_objects() -> None:
    live = object()
    tree = {"a": [live, {"b": live}]}
    copied = copy_tree(tree)
    assert copied == tree
    assert copied["a"] is not tree["a"]
    assert copied["a"][1] is not tree["a"][1]
    assert copied["a"][0] is live


def test_a_copy_has_numbers_of_python() -> None:
    copied = copy_tree({"a": np.int64(3), "b": [np.float32(0.5), np.bool_(True)]})
    assert [type(value) for value in (copied["a"], *copied["b"])] == [int, float, bool]


def test_lookup_follows_keys_and_indexes() -> None:
    tree = {"a": [{"b": 1}], 0: "zero"}
    assert lookup(tree, ("a", 0, "b")) == 1
    assert lookup(tree, (0,)) == "zero"
    for path in (("a", 1), ("a", "b"), ("a", 0, "b", "c"), ("x",)):
        with pytest.raises(KeyError):
            lookup(tree, path)


def test_a_path_is_written_with_dots() -> None:
    assert dotted(("trainer_config", "callbacks", 0)) == "trainer_config.callbacks.0"
