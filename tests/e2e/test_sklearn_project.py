"""The base is bound to nothing: a whole project on scikit-learn, without torch."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1] / "projects" / "sklearn_project"

WATCHED = """
import runpy, sys
sys.argv = ["trainer_main.py", "--json"]
try:
    runpy.run_module("trainer.trainer_main", run_name="__main__")
except SystemExit as stop:
    assert not stop.code, stop.code
bound = sorted({"torch", "pytorch_lightning", "torchmetrics", "mlflow"} & set(sys.modules))
print("imported:", bound, file=sys.stderr)
"""


@pytest.fixture
def project(tmp_path):
    return Path(shutil.copytree(PROJECT, tmp_path / "tumours"))


def run(project, *command):
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_whole_chain_without_torch(project):
    done = run(project, "-c", WATCHED)
    assert done.returncode == 0, done.stderr
    assert "imported: []" in done.stderr
    answer = json.loads(done.stdout)
    matrix = answer["comparison"]["confusion_matrix"]["trained"]
    assert set(matrix) == {"tp", "tn", "fp", "fn"}
    assert sum(matrix.values()) == 57
    assert answer["comparison"]["accuracy"]["trained"] > 0.9
    assert answer["comparison"]["accuracy"]["eval"] < 0.7
    run_folder = project / "training_output" / "v1"
    assert (run_folder / "5_compare" / "report.html").is_file()
    assert (run_folder / "2_fit" / "model.joblib").is_file()


def test_the_other_ways_in_do_the_same(project, nursery):
    as_module = nursery.run("-m", "trainer.trainer_main", "--json", cwd=project)
    as_file = run(project, "trainer/trainer_main.py", "--json")
    as_command = nursery.run("-m", "dsf.cli", "run", "--json", cwd=project)
    answers = [json.loads(one.stdout) for one in (as_module, as_file, as_command)]
    assert [Path(one["run_dir"]).name for one in answers] == ["v1", "v2", "v3"]
    assert answers[0]["comparison"] == answers[1]["comparison"] == answers[2]["comparison"]
