"""A diff holds exactly what differs."""

from __future__ import annotations

import copy
import pickle
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dsf.core.config import ABSENT, Change, diff_configs, hash_config

KEYS = st.text("abc", min_size=1, max_size=2)
LEAVES = st.none() | st.booleans() | st.integers(0, 2) | st.floats(0, 2) | st.text("x", max_size=1)
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=3,
)


def apply(tree: dict[str, Any], changes: list[Change]) -> dict[str, Any]:
    tree = copy.deepcopy(tree)
    # From the last: items that go have to go from the end of their list.
    for change in sorted(changes, key=lambda change: change.new is ABSENT):
        if change.new is not ABSENT:
            put(tree, change.path.split("."), change.new)
    for change in reversed(changes):
        if change.new is ABSENT:
            put(tree, change.path.split("."), ABSENT)
    return tree


def put(tree: Any, path: list[str], value: Any) -> None:
    for part in path[:-1]:
        tree = tree[int(part)] if isinstance(tree, list) else tree[part]
    last: Any = int(path[-1]) if isinstance(tree, list) else path[-1]
    if value is ABSENT:
        del tree[last]
    elif isinstance(tree, list) and last == len(tree):
        tree.append(value)
    else:
        tree[last] = value


@given(TREES)
def test_equal_configs_do_not_differ(tree: Any) -> None:
    assert diff_configs(tree, copy.deepcopy(tree)) == []


@given(TREES, TREES)
def test_old_with_the_changes_is_new(old: Any, new: Any) -> None:
    changed = apply(old, diff_configs(old, new))
    assert hash_config(changed) == hash_config(new)
    assert changed == new


@given(TREES, TREES)
def test_configs_differ_if_and_only_if_their_hashes_do(old: Any, new: Any) -> None:
    assert (diff_configs(old, new) == []) == (hash_config(old) == hash_config(new))


@given(TREES, TREES)
def test_the_other_way_round_is_the_mirror(old: Any, new: Any) -> None:
    def paths(changes: list[Change]) -> set[str]:
        return {change.path for change in changes}

    assert paths(diff_configs(old, new)) == paths(diff_configs(new, old))


def test_each_change_has_its_path() -> None:
    old = {"m": {"a": 1, "b": [1, 2, 3], "c": None}, "x": {"y": 1}}
    new = {"m": {"a": 2, "b": [1, 5], "d": {"e": 1}}, "x": 3}
    assert list(map(str, diff_configs(old, new))) == [
        "m.a: 1 -> 2",
        "m.b.1: 2 -> 5",
        "m.b.2: 3 -> (absent)",
        "m.c: None -> (absent)",
        "m.d: (absent) -> {'e': 1}",
        "x: {'y': 1} -> 3",
    ]


def test_one_and_true_and_a_float_are_three_values() -> None:
    assert [str(c) for c in diff_configs({"a": 1, "b": 1}, {"a": True, "b": 1.0})] == [
        "a: 1 -> True",
        "b: 1 -> 1.0",
    ]


def test_nan_is_itself() -> None:
    assert diff_configs({"a": float("nan")}, {"a": float("nan")}) == []


def test_absent_is_not_null_and_survives_a_pickle() -> None:
    (change,) = diff_configs({}, {"a": None})
    assert change.old is ABSENT
    assert pickle.loads(pickle.dumps(change)).old is ABSENT
    assert f"{ABSENT} {ABSENT!r}" == "(absent) (absent)"
