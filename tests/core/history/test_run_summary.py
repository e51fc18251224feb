"""A run as a line of a table: what can be read is, and what cannot is said."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dsf.core.config import read_frozen_config
from dsf.core.history import STATUSES, RunSummary
from dsf.core.history.scores import read_compared, read_scores
from dsf.core.measures import Measure
from dsf.core.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.history.conftest import WriteRun

COMPARED = {
    "metrics": {
        "accuracy": {"trained": 0.9, "eval": 0.8},
        "f1": {"trained": 0.45, "eval": 0.5},
        "confusion_matrix": {"trained": {}, "eval": {}},
    },
    "verdict": {"verdict": "worse", "metrics": {"f1": "worse"}},
}


def test_a_tested_run(write_run: WriteRun) -> None:
    tracking = {"tracking_config": {"run_name": "first", "description": "d", "tags": {"a": 1}}}
    run = RunSummary.read(write_run("v1", config=tracking))
    assert (run.version, run.status, run.step) == ("v1", "done", "test")
    assert run.scores == {"accuracy": Measure(0.9, 0.89, 0.91), "f1": Measure(0.45)}
    assert (run.main_metric, run.main_score) == ("accuracy", Measure(0.9, 0.89, 0.91))
    assert (run.verdict, run.existing, run.problems) == ("", {}, ())
    assert (run.name, run.description, run.tags) == ("first", "d", {"a": 1})
    assert run.seconds == 7.5


def test_what_it_is_judged_by_is_the_main_metric(write_run: WriteRun) -> None:
    judged = RunSummary.read(write_run("v1", files={"5_compare/comparison.json": COMPARED}))
    assert judged.main_metric == "f1"
    assert judged.verdict == "worse"
    assert judged.existing == {"accuracy": Measure(0.8), "f1": Measure(0.5)}
    wanted = {"comparison_config": {"metrics": ["f1"]}}
    assert RunSummary.read(write_run("v2", config=wanted)).main_metric == "f1"
    assert RunSummary.read(write_run("v3", accuracy=None)).main_metric is None
    other = {"comparison_config": {"metrics": ["accuracy"]}}
    both = write_run("v4", config=other, files={"5_compare/comparison.json": COMPARED})
    assert RunSummary.read(both).main_metric == "f1"


def test_an_existing_model_that_answered_other_rows_is_left_out(write_run: WriteRun) -> None:
    def files(rows: str) -> dict[str, Any]:
        return {
            "3_test/step.json": {"step": "test", "inputs": {"rows": "one"}},
            "4_eval/step.json": {"step": "eval", "inputs": {"rows": rows}},
            "4_eval/metrics.json": {"accuracy": 0.7},
        }

    assert RunSummary.read(write_run("v1", files=files("one"))).existing["accuracy"].value == 0.7
    assert RunSummary.read(write_run("v2", files=files("other"))).existing == {}


@pytest.mark.parametrize(
    ("steps", "status", "step"),
    [
        ({"split": "done", "fit": "failed"}, "failed", "fit"),
        ({"split": "done", "fit": "interrupted"}, "interrupted", "fit"),
        ({"split": "done", "fit": "done"}, "done", "fit"),
        ({"split": "failed", "fit": "running"}, "killed", "fit"),
    ],
)
def test_how_it_stands(write_run: WriteRun, steps: dict[str, str], status: str, step: str) -> None:
    run = RunSummary.read(write_run("v1", steps=steps))
    assert (run.status, run.step) == (status, step)
    assert status in STATUSES


_HOLD = """
import sys
from pathlib import Path
from dsf.core.run_folder import RunFolder
with RunFolder(Path(sys.argv[1])).locked():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_it_runs_as_long_as_a_process_holds_it(write_run: WriteRun) -> None:
    folder = write_run("v1", steps={"split": "running"})
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == "held\n"
        assert RunSummary.read(folder).status == "running"
        holder.stdin.close()
        assert holder.wait() == 0
    assert RunSummary.read(folder).status == "killed"
    with RunFolder(folder).locked():  # looking has left it free
        pass


def test_a_run_without_a_record_is_empty(output: Path) -> None:
    (output / "v1").mkdir()
    run = RunSummary.read(output / "v1")
    assert run.status == "empty"
    assert "has no run.json" in run.problems[0]


@pytest.mark.parametrize(
    "name",
    ["run.json", "3_test/metrics.json", "5_compare/comparison.json"],
)
@pytest.mark.parametrize("content", [b'{"half', b"[]", b"\xff\xfe", b"", b"[" * 100_000])
def test_damage_is_said(write_run: WriteRun, name: str, content: bytes) -> None:
    folder = write_run("v1", files={"5_compare/comparison.json": COMPARED})
    (folder / name).write_bytes(content)
    run = RunSummary.read(folder)
    assert len(run.problems) == 1
    assert str(folder / name) in run.problems[0]
    assert run.status == ("damaged" if name == "run.json" else "done")


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["intervals", "outputs", "accuracy", "lower", "metrics", "verdict", "eval"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@example({"accuracy": math.nan, "f1": math.inf})
@example({"accuracy": 1.0, "intervals": {"accuracy": {"lower": 0.0, "upper": math.inf}}})
@given(st.dictionaries(st.sampled_from(["intervals", "outputs", "accuracy", "f1"]), anything))
def test_any_shape_of_numbers_can_be_read(content: dict[str, Any]) -> None:
    """Whatever is in the file, what comes out are numbers that JSON knows."""
    scores = {**read_scores(content), **read_compared(content, "eval")}
    json.dumps(scores, allow_nan=False)
    assert all(isinstance(score.value, float) for score in scores.values())


def test_outputs_have_names_of_their_own() -> None:
    content = {"f1": 0.5, "outputs": {"topic": {"f1": 0.6, "intervals": {"f1": {"lower": 0.1}}}}}
    assert read_scores(content) == {"f1": Measure(0.5), "topic.f1": Measure(0.6)}


def test_its_config_is_that_of_the_file(write_run: WriteRun) -> None:
    config = {
        "model_config": {"note": "${env:HOME}", "learning_rate": 0.1, "text": "a: b\n\nc"},
        "trainer_config": {"callbacks": [{"class_path": "a.B", "init_args": {"x": [1, None]}}]},
    }
    folder = write_run("v1", config=config)
    run = RunSummary.read(folder)
    assert run.config == read_frozen_config(folder / "config.yaml")
    assert run.config["model_config"]["note"] == "${env:HOME}"
    (folder / "config.yaml").write_text("{model_config: {learning_rate: 1},\nseed: 2}")
    assert RunSummary.read(folder).config == {"model_config": {"learning_rate": 1}, "seed": 2}
    (folder / "config.yaml").write_bytes(b"\xff{")
    assert RunSummary.read(folder).config == {}
