"""Errors of pydantic get the path and the words of the config."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import Field

from dsf.core.config import Section
from dsf.core.config.near_misses import warn_near_misses
from dsf.core.config.validation import validate_config
from dsf.core.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Sub(Section):
    depth: int = 1

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        if values["depth"] == 3:
            yield Problem("depth", "must not be 3")


class Inner(Section, extra="allow"):
    sub: Sub | None = None
    size: int = 1
    either: int | list[int] | dict[str, int] = 1


class Outer(Section):
    inner: Inner = Field(default_factory=Inner, alias="inner_config")
    pair: tuple[int, str] = (1, "a")
    table: dict[str, Inner] = Field(default_factory=dict)
    rows: list[Sub] | None = None


def problems_of(data: dict[Any, Any]) -> list[str]:
    _, problems = validate_config(data, Outer, lambda path: f" @{len(path)}")
    return list(map(str, problems))


def test_good_data_is_filled_with_defaults() -> None:
    resolved, problems = validate_config({"inner_config": {"own": 1}}, Outer, lambda _: "")
    assert problems == []
    assert resolved == {
        "inner_config": {"sub": None, "size": 1, "either": 1, "own": 1},
        "pair": (1, "a"),
        "table": {},
        "rows": None,
    }


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"inner_config": {"size": "x"}},
         "inner_config.size: must be a whole number, not 'x' @2"),
        ({"inner_config": {"either": "x"}},
         "inner_config.either: must be a whole number or a list or a mapping of keys to values, "
         "not 'x' @2"),
        ({"inner_config": {"either": [1, "x"]}},
         "inner_config.either.1: must be a whole number, not 'x' @3"),
        ({"table": {"a": {"size": "x"}}}, "table.a.size: must be a whole number, not 'x' @3"),
        ({"inner_confg": {}}, "inner_confg: is not a known key. Did you mean 'inner_config'? @1"),
        ({"size": 1},
         "size: is not a known key. Did you mean 'inner_config.size'? @1"),
        ({"zzz": 1}, "zzz: is not a known key. Known are: inner_config, pair, rows, table. @1"),
        ({"table": {"a": {"siz": 3, "sub": {"depht": 3}}}},
         "table.a.sub.depht: is not a known key. Did you mean 'depth'? @4"),
        ({"table": {"a": {"sub": {"depth": 3}}}}, "table.a.sub.depth: must not be 3 @4"),
        ({"rows": [{}, {"depth": 3}]}, "rows.1.depth: must not be 3 @3"),
        ({"inner_config": []}, "inner_config: must be a section with keys, not [] @1"),
        ({1: 2}, "1: a key must be text, not 1 @1"),
    ],
)  # fmt: skip
def test_problems_have_public_paths_and_a_place(data: dict[Any, Any], said: str) -> None:
    assert said in problems_of(data)


def test_data_is_not_changed() -> None:
    data = {"inner_config": {"size": 3}}
    validate_config(data, Outer, lambda _: "")
    assert data == {"inner_config": {"size": 3}}


def test_near_misses_are_warned_of_where_own_keys_may_be(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="dsf"):
        warn_near_misses(
            {"inner_config": {"sizes": 1, "eiter": 2, "colour": 3, "resize": 5, "size": 4}}, Outer
        )
    assert caplog.messages == [
        "inner_config.sizes is a key of your own. Did you mean 'size'?",
        "inner_config.eiter is a key of your own. Did you mean 'either'?",
    ]


def test_a_near_miss_that_is_an_error_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="dsf"):
        warn_near_misses({"inner_config": {"sizes": 1}}, Outer, told={"inner_config.sizes"})
    assert caplog.messages == []
