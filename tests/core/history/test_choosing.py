"""Runs are chosen by what they are, and put in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import UserError
from dsf.core.history import (
    Choice,
    RunSummary,
    check_known,
    find_value,
    known_metrics,
    parse_conditions,
    parse_since,
    sort_runs,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.history.conftest import WriteRun

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def runs(write_run: WriteRun, output: Path) -> list[RunSummary]:
    compared = {"metrics": {}, "verdict": {"verdict": "not worse", "metrics": {}}}
    write_run("v1", config={"model_config": {"learning_rate": 0.1, "note": "007"}})
    write_run(
        "v2",
        accuracy=0.95,
        config={"model_config": {"learning_rate": 0.2}, "tracking_config": {"tags": {"a": "x"}}},
        created="2026-11-21T08:00:00+00:00",
        task="mails",
        versions={"torch": "2.1"},
        files={"5_compare/comparison.json": compared},
    )
    write_run("v3", accuracy=None, steps={"split": "failed"}, created="2026-11-22T08:00:00+00:00")
    (output / "v4").mkdir()
    return [RunSummary.read(output / f"v{number}") for number in (4, 3, 2, 1)]


def names(runs: list[RunSummary]) -> list[str]:
    return [run.version for run in runs]


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ({}, ["v4", "v3", "v2", "v1"]),
        ({"statuses": ["failed", "empty"]}, ["v4", "v3"]),
        ({"tasks": ["mails"]}, ["v2"]),
        ({"verdicts": ["not worse"]}, ["v2"]),
        ({"verdicts": ["none"]}, ["v4", "v3", "v1"]),
        ({"since": datetime(2026, 11, 21, tzinfo=UTC)}, ["v3", "v2"]),
        ({"statuses": ["done"], "tasks": ["digits"]}, ["v1"]),
    ],
)
def test_filters(runs: list[RunSummary], choice: dict[str, Any], kept: list[str]) -> None:
    assert names(Choice(**choice).filter(runs)) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("accuracy>0.9", ["v2"]),
        ("accuracy >= 0.9", ["v2", "v1"]),
        ("accuracy<0.95", ["v1"]),
        ("accuracy<=0.95", ["v2", "v1"]),
        ("model_config.learning_rate=0.1", ["v1"]),
        ("model_config.learning_rate=1e-1", ["v1"]),
        ("model_config.learning_rate!=0.1", ["v3", "v2"]),
        ("model_config.note=007", ["v1"]),
        ("tags.a=x", ["v2"]),
        ("versions.torch=2.1", ["v2"]),
        ("verdict=not worse", ["v2"]),
        ("seed=42", ["v3", "v2", "v1"]),
        ("seed=true", []),
        ("model_config.seed=42", ["v3", "v2", "v1"]),
        ("dataset_config.labels_path=null", ["v4", "v3", "v2", "v1"]),
    ],
)
def test_conditions(runs: list[RunSummary], written: str, kept: list[str]) -> None:
    assert names(Choice(conditions=parse_conditions([written])).filter(runs)) == kept


def test_conditions_hold_together(runs: list[RunSummary]) -> None:
    both = parse_conditions(["seed=42", "accuracy>0.92"])
    assert names(Choice(conditions=both).filter(runs)) == ["v2"]


def test_conditions_that_cannot_be_read_are_told_together() -> None:
    with pytest.raises(UserError) as caught:
        parse_conditions(["accuracy", "accuracy>much", "seed=1"])
    first, second = str(caught.value).splitlines()
    assert "--where 'accuracy' must be a key, one of = != > >= < <=, and a value" in first
    assert "needs a number, but 'much' is none" in second


def test_names_that_no_run_has(runs: list[RunSummary]) -> None:
    with pytest.raises(UserError, match=r"Did you mean 'model_config\.learning_rate'\?"):
        Choice(conditions=parse_conditions(["learning_rate=1"])).filter(runs)
    with pytest.raises(UserError, match=r"Did you mean 'accuracy'\?"):
        check_known(["acuracy"], runs, "--sort-by")
    with pytest.raises(UserError, match=r"mails; not digit\. Did you mean 'digits'\?"):
        Choice(tasks=["digit"]).filter(runs)
    check_known(["age", "seed", "f1", "tags.a", "dataset_config.labels_path"], runs, "x", ["age"])
    check_known(["anything"], [], "--where")


def test_order(runs: list[RunSummary]) -> None:
    assert names(sort_runs(runs, "accuracy")) == ["v2", "v1", "v4", "v3"]
    assert names(sort_runs(runs, "accuracy", ascending=True)) == ["v1", "v2", "v4", "v3"]
    assert names(sort_runs(runs, "created")) == ["v3", "v2", "v1", "v4"]
    assert names(sort_runs(runs, "task")) == ["v2", "v3", "v1", "v4"]


def test_values(runs: list[RunSummary]) -> None:
    run = runs[-1]
    assert known_metrics(runs) == ["accuracy", "f1"]
    assert find_value(run, "f1") == 0.45
    assert find_value(run, "seconds") == 7.5
    assert find_value(run, "commit") is None
    assert find_value(run, "nothing.of.this") is None


@given(st.integers(0, 999_999), st.sampled_from(["min", "m", "h", "d", "w"]))
def test_ages_lie_in_the_past(number: int, unit: str) -> None:
    moment = parse_since(f"{number}{unit}", NOW)
    assert moment <= NOW
    assert moment.tzinfo is not None


def test_since() -> None:
    assert parse_since("2h", NOW) == NOW - timedelta(hours=2)
    assert parse_since("3d", NOW) == NOW - timedelta(days=3)
    assert parse_since("2026-11-01", NOW) == datetime(2026, 11, 1, tzinfo=UTC)
    assert parse_since("2026-11-01T10:00+02:00", NOW) == datetime(2026, 11, 1, 8, tzinfo=UTC)
    for wrong in ("yesterday", "", "2026-13-01", "-3d", "3y"):
        with pytest.raises(UserError, match="--since must be a day"):
            parse_since(wrong, NOW)
