"""The commands on a run, on a real project without torch."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

    Call = Callable[..., Answer]

ROOT = Path(__file__).resolve().parents[2]
SKLEARN_PROJECT = ROOT / "tests" / "projects" / "sklearn_project"
STEPS = ["split", "fit", "test", "eval", "compare", "export"]
FEW = ("--set", "model_config.trees=3")


def _statuses(run: Path) -> dict[str, str]:
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    return {name: step["status"] for name, step in record["steps"].items()}


def _before_the_fit(project: Path, statement: str) -> int:
    """Put a statement in front of the fit in the project's own code; give its line."""
    source = SKLEARN_PROJECT / "trainer" / "trainer_main.py"
    text = source.read_text(encoding="utf-8")
    fit = "        self.trainer = self.model.fit("
    assert text.count(fit) == 1
    (project / "trainer" / "trainer_main.py").write_text(
        text.replace(fit, f"        {statement}\n{fit}"), encoding="utf-8"
    )
    return text[: text.index(fit)].count("\n") + 1


def test_run_ends_with_the_comparison_and_the_report(call: Call, project: Path) -> None:
    answer = call("run", *FEW)
    assert answer.code == 0, answer.err
    report = project / "training_output" / "v1" / "5_compare" / "report.html"
    assert answer.out.splitlines()[-1] == f"report: {report}"
    assert report.is_file()
    for word in ("metric", "accuracy", "trained", "existing", "verdict"):
        assert word in answer.out
    for step in STEPS:
        assert step in answer.err


def test_run_with_json_is_one_object(call: Call, project: Path) -> None:
    answer = call("run", "--json", *FEW)
    said = json.loads(answer.out)
    assert set(said) == {"command", "run_dir", "steps", "comparison", "verdict", "report"}
    assert said["command"] == "run"
    assert said["run_dir"] == str(project / "training_output" / "v1")
    assert list(said["steps"]) == STEPS
    for step in said["steps"].values():
        assert step["status"] == "done"
        assert step["seconds"] >= 0
    assert 0.5 < said["comparison"]["accuracy"]["trained"] <= 1
    assert "config" in answer.err


def test_a_pipeline_can_require_a_verdict(call: Call, project: Path) -> None:
    answer = call("run", "--require", "better", *FEW)
    assert answer.code == 0, answer.err
    assert "better" in answer.out
    metrics = ("accuracy", "precision", "recall", "f1")
    off = [word for name in metrics for word in ("--set", f"metrics.{name}=false")]
    run = project / "undecided"
    unmet = call("run", "--run-dir", run, "--require", "not-worse", *FEW, *off)
    assert unmet.code == 3
    assert "Required is not worse, but the verdict is undecided." in unmet.err
    assert (run / "5_compare" / "report.html").is_file()
    for again in (("compare",), ("step", "compare")):
        answer = call(*again, "--run-dir", run, "--require", "better", "--json", *FEW, *off)
        assert answer.code == 3
        assert json.loads(answer.out)["verdict"]["verdict"] == "undecided"
        assert call(*again, "--run-dir", run, *FEW, *off).code == 0
    assert call("step", "fit", "--require", "better").code == 2


def test_steps_one_by_one_work_in_the_latest_run(call: Call, project: Path) -> None:
    outputs = {step: call(step, *FEW) for step in STEPS}
    assert [answer.code for answer in outputs.values()] == [0] * len(STEPS)
    run = project / "training_output" / "v1"
    for step in ("split", "fit", "test", "eval"):
        assert outputs[step].out == f"{run}\n"
    assert outputs["compare"].out.endswith(f"report: {run / '5_compare' / 'report.html'}\n")
    assert [path.name for path in run.parent.iterdir()] == ["v1"]
    assert list(_statuses(run)) == STEPS


@pytest.mark.parametrize(
    ("step", "key", "inside"),
    [("split", "split", "rows"), ("fit", "fit", "model"), ("test", "metrics", "accuracy")],
)
def test_each_step_gives_its_own_numbers_in_json(
    step: str, key: str, inside: str, call: Call, project: Path
) -> None:
    for earlier in STEPS[: STEPS.index(step)]:
        assert call(earlier, *FEW).code == 0
    said = json.loads(call(step, "--json", *FEW).out)
    assert said["command"] == step
    assert inside in said[key]


def test_step_by_name_does_what_the_command_of_that_name_does(call: Call, project: Path) -> None:
    run = project / "elsewhere"
    for step in STEPS:
        answer = call("step", step, "--run-dir", run, *FEW)
        assert answer.code == 0, answer.err
    assert list(_statuses(run)) == STEPS
    assert not (project / "training_output").exists()
    again = call("step", "fit", "--run-dir", run, *FEW)
    assert "skipped" in again.err


def test_an_unknown_step_is_refused(call: Call, project: Path) -> None:
    answer = call("step", "fitt")
    assert answer.code == 2
    assert "'fitt' is not one of" in answer.err


def test_run_makes_a_new_version_unless_it_goes_on(call: Call, project: Path) -> None:
    for _ in range(2):
        call("run", *FEW)
    resumed = call("run", "--resume", *FEW)
    assert resumed.err.count("skipped") == 6
    names = sorted(path.name for path in (project / "training_output").iterdir())
    assert names == ["v1", "v2"]


def test_a_step_without_a_run_says_how_to_start_one(call: Call, project: Path) -> None:
    answer = call("test", "--json")
    assert answer.code == 2
    error = json.loads(answer.out)["error"]
    assert error["type"] == "RunNotFoundError"
    assert "dsf-cli run" in error["message"]


def test_all_wrong_values_are_listed_before_anything_is_written(call: Call, project: Path) -> None:
    answer = call("run", "--set", "metrics.f2=true", "--set", "dataset_config.train_ratio=2")
    assert answer.code == 2
    assert "f2" in answer.err
    assert "train_ratio" in answer.err
    assert not (project / "training_output").exists()


def test_outside_a_project_a_step_says_so(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = call("fit")
    assert answer.code == 2
    assert "dsf-cli new-project" in answer.err


def test_a_failing_hook_is_named_with_its_line(call: Call, project: Path) -> None:
    line = _before_the_fit(project, "1 / 0")
    answer = call("run", *FEW)
    assert answer.code == 2
    assert f"(trainer/trainer_main.py:{line}) raised ZeroDivisionError: division" in answer.err
    assert "--verbose" in answer.err
    run = project / "training_output" / "v1"
    assert answer.err.count(f"dsf-cli run --run-dir {run} --resume --set {FEW[1]}\n") == 1
    assert _statuses(run) == {"split": "done", "fit": "failed"}


def test_a_hook_that_ends_the_process_is_named_with_its_line(call: Call, project: Path) -> None:
    line = _before_the_fit(project, "sys.exit(0)")
    answer = call("fit", "--json", *FEW)
    assert answer.code == 2  # there is no run yet
    answer = call("run", "--json", *FEW)
    assert answer.code == 2
    error = json.loads(answer.out)["error"]
    assert error["type"] == "SystemExit"
    assert error["message"].startswith(f"trainer/trainer_main.py:{line}: the project's code must")
    assert "sys.exit(0)" in error["message"]
    run = project / "training_output" / "v1"
    assert error["message"].endswith(f"dsf-cli run --run-dir {run} --resume --set {FEW[1]}")


def test_a_run_that_is_gone_is_not_offered_to_go_on_with(call: Call, project: Path) -> None:
    answer = call("run", "--set", "dataset_config.label_column=absent")
    assert answer.code == 2
    assert list((project / "training_output").iterdir()) == []
    assert "--resume" not in answer.err


def test_a_value_that_was_refused_is_not_offered_to_go_on_with(call: Call, project: Path) -> None:
    assert call("run", *FEW).code == 0
    (project / "notes.txt").write_text("This is a file, but no database of MLflow at all.")
    kept = "tracking_config.use_mlflow=true"
    refused = "tracking_config.tracking_uri=sqlite:///notes.txt"
    answer = call("test", *FEW, "--set", kept, "--set", refused)
    assert answer.code == 2
    assert "is another kind of file" in answer.err
    hint = answer.err.partition("go on with:")[2]
    assert f"--set {kept}" in hint
    assert FEW[1] in hint
    assert "tracking_uri" not in hint


def test_a_run_that_fails_after_its_comparison_names_the_report(call: Call, project: Path) -> None:
    answer = call("run", *FEW, "--set", "export_config.enabled=true")
    assert answer.code == 2
    assert "must be written: a" in answer.err
    report = project / "training_output" / "v1" / "5_compare" / "report.html"
    assert f"What is finished is kept, the report too: {report}" in answer.err
    assert report.is_file()


def test_a_refusal_to_go_on_is_not_answered_with_going_on(call: Call, project: Path) -> None:
    assert call("split", *FEW).code == 0
    answer = call("test", *FEW)
    assert answer.code == 2
    assert "dsf-cli fit" in answer.err
    assert "What is finished is kept" not in answer.err


@pytest.mark.parametrize("place", ["a_file", "/proc/x"])
def test_a_place_where_no_run_can_be_is_the_users_mistake(
    place: str, call: Call, project: Path
) -> None:
    (project / "a_file").touch()
    answer = call("run", "--json", "--set", f"paths.output={place}", *FEW)
    assert answer.code == 2
    error = json.loads(answer.out)["error"]
    assert error["type"] == "StorageError"
    assert "--resume" not in error["message"]


def test_a_name_that_is_not_there_is_told_before_the_split(call: Call, project: Path) -> None:
    answer = call("run", "--set", "model_config.loss_function=sklearn.metrics:absent", *FEW)
    assert answer.code == 2
    assert "model_config.loss_function" in answer.err
    assert not (project / "training_output").exists()


def test_force_does_again_what_is_done(call: Call, project: Path) -> None:
    assert call("run", *FEW).code == 0
    assert "fit      skipped" in call("fit", *FEW).err
    forced = call("fit", "--force", *FEW)
    assert forced.code == 0, forced.err
    assert "fit      done in" in forced.err
    assert call("run", "--resume", "--force", *FEW).err.count(" done in ") == 6


# Lightning catches Ctrl-C, and ends the process by SystemExit(1).
_SLEEP = "Path('here').touch(); __import__('time').sleep(60)"
_LIGHTNING = f'exec("try: {_SLEEP}\\nexcept KeyboardInterrupt: sys.exit(1)")'


@pytest.mark.parametrize(
    ("statement", "number", "code"),
    [
        (_SLEEP, signal.SIGINT, 130),
        (_LIGHTNING, signal.SIGINT, 130),
        (_SLEEP, signal.SIGTERM, 143),
        (_SLEEP, signal.SIGHUP, 129),
    ],
)
def test_a_stopped_run_says_how_to_go_on_and_can(
    statement: str, number: signal.Signals, code: int, call: Call, project: Path
) -> None:
    _before_the_fit(project, statement)
    process = subprocess.Popen(
        [sys.executable, "-m", "trainer.trainer_main", *FEW],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 240
    while not (project / "here").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(process.pid, number)
    _, err = process.communicate(timeout=120)
    run = project / "training_output" / "v1"
    assert process.returncode == code
    assert "Traceback" not in err
    assert f"--run-dir {run} --resume" in err
    assert _statuses(run) == {"split": "done", "fit": "interrupted"}
    _before_the_fit(project, "pass")
    assert call("run", "--resume", *FEW).code == 0
