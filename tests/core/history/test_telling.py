"""All of one run, and all in which two differ."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from dsf.core.config import freeze_config, resolve_config
from dsf.core.history import RunSummary, describe_differences, describe_run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.history.conftest import WriteRun

SPLIT = {
    "strategy": "random",
    "seed": 42,
    "rows": {"train": 8, "test": 2},
    "labels": {"train": {"a": 5, "b": 3}},
    "audit": {
        "on_leak": "warn",
        "findings": [
            {"kind": "exact", "parts": ["train", "test"], "train_rows": 2, "test_rows": 1}
        ],
    },
}
COMPARISON = {
    "metrics": {"accuracy": {"trained": 0.9, "eval": 0.8}},
    "differences": {"accuracy": {"difference": 0.1, "lower": 0.05, "upper": 0.15}},
    "verdict": {"verdict": "better", "reason": "It is.", "metrics": {"accuracy": "better"}},
}


def defaults() -> dict[str, Any]:
    return freeze_config(resolve_config({}))


def test_all_of_a_run(write_run: WriteRun) -> None:
    folder = write_run(
        "v1",
        config={"model_config": {"learning_rate": 0.5}},
        data_hash="d",
        git={"commit": "abc", "dirty": True},
        files={
            "1_split/split.json": SPLIT,
            "5_compare/comparison.json": COMPARISON,
            "4_eval/metrics.json": {
                "accuracy": 0.8,
                "intervals": {"accuracy": {"lower": 0.7, "upper": 0.85}},
            },
        },
    )
    told = describe_run(RunSummary.read(folder), defaults())
    assert json.loads(json.dumps(told)) == told
    assert [step["step"] for step in told["steps"]] == ["split", "fit", "test"]
    assert told["data"]["rows"] == {"train": 8, "test": 2}
    assert told["data"]["findings"] == [
        {"kind": "exact", "parts": ["train", "test"], "rows": {"train": 2, "test": 1}}
    ]
    assert told["scores"]["accuracy"] == {
        "trained": {"value": 0.9, "lower": 0.89, "upper": 0.91},
        "existing": {"value": 0.8, "lower": 0.7, "upper": 0.85},
        "difference": {"difference": 0.1, "lower": 0.05, "upper": 0.15},
    }
    assert told["verdict"]["reason"] == "It is."
    assert told["config"] == [
        {"path": "model_config.learning_rate", "default": 0.001, "value": 0.5}
    ]
    assert told["git"] == {"commit": "abc", "dirty": True}
    assert str(folder / "5_compare/comparison.json") in told["files"]
    assert told["problems"] == []


def test_a_run_that_has_next_to_nothing(output: Path) -> None:
    (output / "v1").mkdir()
    told = describe_run(RunSummary.read(output / "v1"), defaults())
    assert (told["steps"], told["scores"], told["verdict"], told["config"]) == ([], {}, None, None)
    assert len(told["problems"]) == 1


def test_a_run_whose_files_are_of_another_shape(write_run: WriteRun) -> None:
    odd = {
        "1_split/split.json": {"audit": [], "rows": 3},
        "5_compare/comparison.json": {"verdict": 1},
    }
    told = describe_run(RunSummary.read(write_run("v1", files=odd)))
    assert told["data"]["rows"] == {}
    assert told["verdict"] is None


def stamps(code: dict[str, str], rows: str) -> dict[str, Any]:
    return {
        "1_split/split.json": SPLIT,
        "2_fit/step.json": {"step": "fit", "code": code},
        "3_test/step.json": {"step": "test", "code": {}, "inputs": {"rows": rows}},
    }


def test_what_differs(write_run: WriteRun) -> None:
    old = write_run(
        "v1",
        config={"model_config": {"learning_rate": 0.1}},
        data_hash="one",
        versions={"numpy": "1"},
        files=stamps({"a.py": "1", "b.py": "1", "c.py": "1"}, "rows"),
    )
    new = write_run(
        "v2",
        config={"model_config": {"learning_rate": 0.2}},
        accuracy=0.8,
        data_hash="two",
        seed=43,
        versions={"numpy": "2"},
        files=stamps({"a.py": "1", "b.py": "2", "d.py": "1"}, "rows")
        | {"1_split/split.json": SPLIT | {"rows": {"train": 9, "test": 2}}},
    )
    told = describe_differences(RunSummary.read(old), RunSummary.read(new))
    assert json.loads(json.dumps(told)) == told
    assert told["config"] == [{"path": "model_config.learning_rate", "old": 0.1, "new": 0.2}]
    assert told["data"] == [
        {"path": "hash", "old": "one", "new": "two"},
        {"path": "rows.train", "old": 8, "new": 9},
    ]
    assert told["seed"] == {"old": 42, "new": 43}
    assert told["versions"] == [{"path": "numpy", "old": "1", "new": "2"}]
    assert told["code"] == [
        {"file": "b.py", "change": "changed", "steps": ["fit"]},
        {"file": "c.py", "change": "removed", "steps": ["fit"]},
        {"file": "d.py", "change": "added", "steps": ["fit"]},
    ]
    assert told["same_test_rows"] is True
    assert told["scores"][0]["difference"] == pytest.approx(-0.1)


def test_what_is_equal(write_run: WriteRun) -> None:
    run = RunSummary.read(write_run("v1", files=stamps({"a.py": "1"}, "rows")))
    told = describe_differences(run, run)
    assert [told[name] for name in ("config", "data", "versions", "code")] == [[], [], [], []]
    assert told["seed"] is None
    other = RunSummary.read(write_run("v2", files=stamps({}, "others")))
    assert describe_differences(run, other)["same_test_rows"] is False
    assert describe_differences(run, RunSummary.read(write_run("v3")))["same_test_rows"] is None


def git(folder: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false")
    answer = subprocess.run(
        ["git", *settings, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return answer.stdout.strip()


def test_what_git_knows(write_run: WriteRun, output: Path) -> None:
    git(output.parent, "init", "--quiet")
    commits = []
    for text in ("one\n", "two\nthree\n"):
        (output.parent / "model.py").write_text(text)
        git(output.parent, "add", "model.py")
        git(output.parent, "commit", "--quiet", "-m", "change")
        commits.append({"commit": git(output.parent, "rev-parse", "HEAD"), "dirty": False})
    commits.append({"commit": "0" * 40, "dirty": True})
    runs = [
        RunSummary.read(write_run(f"v{place}", git=state))
        for place, state in enumerate(commits, start=1)
    ]
    stat = describe_differences(runs[0], runs[1])["git"]["stat"]
    assert "model.py | 3 ++-" in stat
    assert describe_differences(runs[0], runs[0])["git"]["stat"] == ""
    assert describe_differences(runs[0], runs[2])["git"]["stat"] == ""
