"""`dsf-cli history`: the runs of a project, listed, told and set side by side."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dsf.cli.commands import history
from dsf.cli.history.columns import COLUMNS
from dsf.cli.main import main
from dsf.core.atomic import write_json
from dsf.core.history import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from tests.cli.conftest import Answer

    Call = Callable[..., Answer]

PROJECT = Path(__file__).resolve().parents[2] / "projects" / "sklearn_project"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a whole run, one that was tested with more trees, and a failed one."""
    folder = tmp_path_factory.mktemp("made") / "tumours"
    shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns("__pycache__"))
    before, path = Path.cwd(), list(sys.path)
    os.chdir(folder)
    in_use = take_projects()  # those of tests before this one
    try:
        few = ("--set", "model_config.trees=2")
        assert main(["run", *few]) == 0
        more = ("--set", "model_config.trees=3")
        assert [main([step, *more]) for step in ("split", "fit", "test")] == [0, 0, 0]
        assert main(["run", "--set", "model_config.trees=0"]) == 2
    finally:
        os.chdir(before)
        sys.path[:] = path
        take_projects()
        sys.modules.update(in_use)
    return folder


def take_projects() -> dict[str, ModuleType]:
    """Take what is imported of a project out of ``sys.modules``, and give it."""
    names = [name for name in sys.modules if name.partition(".")[0] == "trainer"]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture
def runs(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, as the working folder; gives the folder of its runs."""
    folder = tmp_path / "tumours"
    shutil.copytree(made, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    return folder / "training_output"


def lines(answer: Answer) -> list[str]:
    """The rows of the table."""
    return [line.strip() for line in answer.out.splitlines() if line.startswith(" v")][1:]


def test_the_runs_newest_first(call: Call, runs: Path) -> None:
    answer = call("history")
    assert answer.code == 0, answer.err
    failed, tested, whole = lines(answer)
    assert failed.startswith("v3")
    assert "failed at fit" in failed
    assert "done up to test" in tested
    assert whole.startswith("v1")
    assert " done " in whole
    said = json.loads(call("history", "--json").out)
    assert said["runs_in_all"] == 3
    first = said["runs"][-1]
    numbers = json.loads((runs / "v1/3_test/metrics.json").read_text())
    score = first["scores"][first["main_metric"]]
    assert score["value"] == numbers[first["main_metric"]]
    assert f"{score['value']:.4f}" in whole
    assert first["verdict"] in whole
    assert f"{first['existing'][first['main_metric']]['value']:.4f}" in whole
    assert set(first["steps"]) >= {"split", "fit", "test", "eval", "compare"}


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_a_table_fits_the_terminal(
    call: Call, runs: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    answer = call("history")
    assert max(map(len, answer.out.splitlines())) <= width
    assert "failed at fit" in answer.out
    assert ("Left out for want of width" in answer.out) == (width < 150)


def test_runs_are_chosen_and_sorted(call: Call, runs: Path) -> None:
    def versions(*options: str) -> list[str]:
        answer = call("history", "--json", *options)
        assert answer.code == 0, answer.err
        return [run["version"] for run in json.loads(answer.out)["runs"]]

    assert versions("--status", "failed") == ["v3"]
    assert versions("--status", "failed", "--status", "done") == ["v3", "v2", "v1"]
    assert versions("--verdict", "none") == ["v3", "v2"]
    assert versions("--where", "model_config.trees>2") == ["v2"]
    assert versions("--where", "accuracy>0.5", "--where", "model_config.trees=2") == ["v1"]
    assert versions("--task", "tabular_classification", "--limit", "2") == ["v3", "v2"]
    assert versions("--since", "2000-01-01", "--ascending") == ["v1", "v2", "v3"]
    assert versions("--sort-by", "model_config.trees") == ["v2", "v1", "v3"]
    assert versions("--sort-by", "created", "--ascending") == ["v1", "v2", "v3"]
    comparison = runs / "v1/5_compare/comparison.json"
    content = json.loads(comparison.read_text())
    write_json(comparison, content | {"verdict": {"verdict": "not worse", "metrics": {}}})
    assert versions("--verdict", "not-worse") == ["v1"]
    none = call("history", "--since", "2999-01-01")
    assert (none.code, none.out) == (0, "")
    assert "None of the 3 runs" in none.err


def test_runs_of_one_second_are_in_the_order_of_their_versions(call: Call, runs: Path) -> None:
    for version in ("v1", "v2", "v3"):
        path = runs / version / "run.json"
        write_json(path, {**json.loads(path.read_text()), "created": "2026-01-01T00:00:00+00:00"})

    def versions(*options: str) -> list[str]:
        told = json.loads(call("history", "--json", *options).out)
        return [run["version"] for run in told["runs"]]

    assert versions("--sort-by", "created") == ["v3", "v2", "v1"]
    assert versions("--sort-by", "created", "--ascending") == ["v1", "v2", "v3"]


def test_columns_that_are_asked_for(call: Call, runs: Path) -> None:
    answer = call("history", "--columns", "version, model_config.trees", "--metric", "f1")
    assert lines(answer)[1].split()[:2] == ["v2", "3"]
    table = list(csv.DictReader(io.StringIO(call("history", "--csv").out)))
    assert [row["version"] for row in table] == ["v3", "v2", "v1"]
    assert {"score", "lower", "upper", "commit", "step", "description"} <= table[0].keys()
    of_f1 = call("history", "--csv", "--metric", "f1").out.splitlines()[0].split(",")
    assert {"f1", "f1.lower", "f1.upper"} < set(of_f1)
    assert not {"score", "lower", "existing"} & set(of_f1)
    asked = call("history", "--csv", "--columns", ",".join(COLUMNS), "--metric", "f1")
    assert "f1.lower" in asked.out.splitlines()[0]
    said = json.loads(call("history", "--json", "--columns", "model_config.trees").out)
    assert [run["values"] for run in said["runs"]][1] == {"model_config.trees": 3}


def test_what_is_damaged_has_a_row(call: Call, runs: Path) -> None:
    (runs / "v2/run.json").write_text('{"dsf')
    (runs / "v1/5_compare/comparison.json").write_text("[")
    record = json.loads((runs / "v3/run.json").read_text())
    record["steps"]["fit"]["status"] = "running"
    write_json(runs / "v3/run.json", record)
    (runs / "v5").mkdir()
    (runs / "cache").mkdir()
    answer = call("history")
    assert answer.code == 0, answer.err
    assert [line.split()[0] for line in lines(answer)] == ["v5", "v3", "v2", "v1"]
    assert "killed in fit" in answer.out
    assert "damaged" in answer.out
    said = " ".join(answer.out.split())
    assert "v5: " in said
    assert "has no run.json" in said
    assert "comparison.json: must be JSON, but cannot be read" in said
    assert "dsf-cli run --resume --run-dir" in said
    for name in ("v5", "v3", "v2", "v1"):
        assert call("history", "show", name).code == 0
        assert call("history", "diff", name, "v1").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--metric", "acuracy"), "Did you mean 'accuracy'?"),
        (("--where", "trees=1"), "Did you mean 'model_config.trees'?"),
        (("--where", "accuracy"), "must be a key, one of = != > >= < <="),
        (("--sort-by", "creatd"), "Did you mean 'created'?"),
        (("--columns", "statis"), "Did you mean 'status'?"),
        (("--task", "tabular"), "tabular_classification"),
        (("--since", "soon"), "--since must be a day"),
        (("--status", "gone"), "'killed'"),
        (("--csv", "--json"), "cannot be used together"),
        (("--output-dir", "nowhere"), "is not there"),
        (("show", "v11"), "There are: v3, v2, v1. Did you mean 'v1'?"),
        (("diff", "v1", "lates"), "Did you mean 'latest'?"),
        (("--limit", "1", "show", "v1"), "--limit: only for the list of runs"),
        (("sow", "v1"), "Did you mean 'show'?"),
    ],
)
def test_what_cannot_be_answered(
    call: Call, runs: Path, arguments: tuple[str, ...], said: str
) -> None:
    answer = call("history", *arguments)
    assert answer.code == 2
    assert said in answer.err


def test_all_of_one_run(call: Call, runs: Path) -> None:
    answer = call("history", "show", "v1")
    assert answer.code == 0, answer.err
    for part in ("v1: done", "Steps", "Data", "Numbers", "Verdict: ", "Made with"):
        assert part in answer.out
    assert "training_output/v1/5_compare/report.html\n" in answer.out
    assert "model_config.trees" in answer.out
    assert "model_config.average" not in answer.out  # a default
    told = json.loads(call("history", "show", runs / "v1", "--json").out)
    assert told["command"] == "history show"
    (rate,) = [one for one in told["config"] if one["path"] == "model_config.learning_rate"]
    assert (rate["default"], rate["value"]) == (0.001, 0.1)
    assert told["scores"][told["main_metric"]]["existing"]["lower"] is not None
    failed = json.loads(call("history", "show", "latest", "--json").out)
    assert failed["version"] == "v3"
    assert failed["steps"][-1]["error"].partition(":")[0] in call("history", "show", "latest").out


def test_two_runs_side_by_side(call: Call, runs: Path) -> None:
    model = runs.parent / "trainer/trainer_main.py"
    answer = call("history", "diff", "v1", "v2")
    assert answer.code == 0, answer.err
    assert ["model_config.trees", "2", "3"] in [line.split() for line in answer.out.splitlines()]
    assert "The same rows, split the same way." in answer.out
    hint = answer.out.splitlines()[-1].strip()
    assert hint == "dsf-cli compare training_output/v2 training_output/v1"
    assert call(*hint.split()[1:]).code == 0
    told = json.loads(call("history", "diff", "v1", "v2", "--json").out)
    assert told["config"] == [{"path": "model_config.trees", "old": 2, "new": 3}]
    assert told["same_test_rows"] is True
    model.write_text(model.read_text() + "\n# changed\n")
    assert (
        call(
            "fit", "--run-dir", "training_output/v2", "--force", "--set", "model_config.trees=3"
        ).code
        == 0
    )
    told = json.loads(call("history", "diff", "v1", "v2", "--json").out)
    assert [one["change"] for one in told["code"]] == ["changed"]
    assert told["code"][0]["steps"] == ["fit"]


def test_runs_are_found_from_everywhere(
    call: Call, runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(runs.parent / "trainer")
    assert len(lines(call("history"))) == 3
    monkeypatch.chdir(runs)
    assert len(lines(call("history"))) == 3
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    for folder in (runs, runs.parent):
        assert len(lines(call("history", "--output-dir", folder))) == 3
        assert call("history", "--output-dir", folder, "show", "latest").code == 0
        assert call("history", "show", "v1", "--output-dir", folder).code == 0
    nowhere = call("history")
    assert nowhere.code == 2
    assert "--output-dir" in nowhere.err
    shutil.copytree(runs, away / "training_output")
    assert len(lines(call("history"))) == 3


def test_a_project_may_keep_its_runs_elsewhere(
    call: Call, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = runs.parent / "trainer/config.yaml"
    config.write_text(config.read_text() + "\npaths:\n  output: kept\n")
    empty = call("history")
    assert (empty.code, empty.out) == (0, "")
    assert f"no run in {runs.parent / 'kept'} yet" in empty.err
    runs.rename(runs.parent / "kept")
    assert len(lines(call("history"))) == 3
    monkeypatch.setenv("DSF__paths__output", "other")
    assert "other yet" in call("history").err


def test_the_options_name_what_there_is() -> None:
    assert history._STATUSES == STATUSES


def test_history_is_quick_and_light(runs: Path) -> None:
    """It reads files; neither torch nor pandas is needed for that."""
    probe = (
        "import sys; from dsf.cli.main import main; code = main(sys.argv[1:]); "
        "heavy = {'torch', 'pandas', 'numpy', 'pyarrow', 'sklearn', 'mlflow'} & set(sys.modules); "
        "sys.exit(code or str(heavy) * bool(heavy) or 0)"
    )
    for arguments in (["--help"], [], ["show", "v1"], ["diff", "v1", "v2"]):
        answer = subprocess.run(
            [sys.executable, "-c", probe, "history", *arguments], capture_output=True, text=True
        )
        assert answer.returncode == 0, answer.stderr
