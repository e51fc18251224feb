"""A whole run, found again in MLflow; and without tracking, no trace of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dsf.cli.main import main

PROJECT = Path(__file__).parents[1] / "projects" / "sklearn_project"
ON = ("--set", "tracking_config.use_mlflow=true")

UNTRACKED = """
import sys
from dsf.cli.main import main
code = main(["run", "--json", "--set", "tracking_config.use_mlflow=false"])
loaded = [name for name in sys.modules if name.partition(".")[0] == "mlflow"]
print("imported:", loaded, file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def tracked(nursery, tmp_path_factory):
    """A project with one run that was tracked in its own database."""
    project = Path(shutil.copytree(PROJECT, tmp_path_factory.mktemp("tracked") / "tumours"))
    done = nursery.run("-m", "dsf.cli", "run", "--json", *ON, cwd=project)
    assert done.returncode == 0, done.stderr
    return project, json.loads(done.stdout)


@pytest.fixture(scope="module")
def client(tracked):
    from mlflow import MlflowClient

    return MlflowClient(f"sqlite:///{tracked[0] / 'mlflow.db'}")


@pytest.fixture(scope="module")
def logged(client):
    """The run as MLflow has it."""
    (experiment,) = [one for one in client.search_experiments() if one.name != "Default"]
    (run,) = client.search_runs([experiment.experiment_id])
    return run


def test_numbers_are_those_of_the_run(tracked, logged):
    folder = Path(tracked[1]["run_dir"])
    results = json.loads((folder / "3_test" / "metrics.json").read_text())
    metrics = logged.data.metrics
    assert metrics["test_accuracy"] == results["accuracy"]
    assert metrics["test_accuracy_lower"] == results["intervals"]["accuracy"]["lower"]
    compared = json.loads((folder / "5_compare" / "comparison.json").read_text())
    difference = compared["differences"]["accuracy"]
    assert metrics["difference_accuracy"] == difference["difference"]
    assert metrics["difference_accuracy_upper"] == difference["upper"]
    assert metrics["eval_accuracy"] == compared["metrics"]["accuracy"]["eval"]


def test_it_is_found_by_what_it_is(tracked, logged):
    record = json.loads((Path(tracked[1]["run_dir"]) / "run.json").read_text())
    tags = logged.data.tags
    assert logged.info.status == "FINISHED"
    assert logged.info.run_name == "v1"
    assert tags["dsf.project"] == record["project"]
    assert tags["dsf.data_hash"] == record["data_hash"]
    assert tags["dsf.config_hash"] == record["config_hash"]
    assert logged.data.params["bootstrap_config.n_iterations"] == "1000"


def test_the_page_shows_the_experiment_as_training(client, logged):
    experiment = client.get_experiment(logged.info.experiment_id)
    assert experiment.tags["mlflow.experimentKind"] == "custom_model_development"


def test_its_rows_are_known_by_their_hash(logged):
    found = {one.tags[0].value: one.dataset for one in logged.inputs.dataset_inputs}
    assert set(found) == {"train", "validation", "test"}
    assert len({one.digest for one in found.values()}) == 3
    assert "row_id" in found["test"].schema


def test_what_people_look_at_is_with_it(client, logged, tmp_path):
    names = {one.path for one in client.list_artifacts(logged.info.run_id, "5_compare")}
    assert {"5_compare/report.html", "5_compare/comparison.json"} <= names
    path = client.download_artifacts(logged.info.run_id, "environment/requirements.txt", tmp_path)
    assert "scikit-learn==" in Path(path).read_text()


def test_a_run_that_goes_on_is_the_same_run(nursery, tracked, client, logged):
    change = ("--set", "bootstrap_config.n_iterations=500")
    done = nursery.run("-m", "dsf.cli", "run", "--resume", *ON, *change, cwd=tracked[0])
    assert done.returncode == 0, done.stderr
    again = client.search_runs([logged.info.experiment_id])
    assert [one.info.run_id for one in again] == [logged.info.run_id]
    assert again[0].info.status == "FINISHED"


def test_a_command_that_is_refused_leaves_the_run_as_it_was(nursery, tracked, client, logged):
    other = ("--set", "model_config.seed=77")
    done = nursery.run("-m", "dsf.cli", "fit", *ON, *other, cwd=tracked[0])
    assert done.returncode == 2, done.stderr
    assert "another config" in done.stderr
    assert client.get_run(logged.info.run_id).info.status == "FINISHED"


def test_nothing_is_left_to_send(tracked, capsys):
    assert main(["sync", tracked[1]["run_dir"], "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["runs"]
    assert told["bytes_left"] == told["refused"] == 0


def test_a_run_that_was_not_tracked_has_nothing_to_send(tmp_path, capsys):
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1" / "run.json").write_text("{}")
    assert main(["sync", str(tmp_path / "v1")]) == 2
    assert "must be a run that was tracked" in capsys.readouterr().err


def test_without_tracking_there_is_no_trace(tmp_path):
    project = Path(shutil.copytree(PROJECT, tmp_path / "tumours"))
    done = subprocess.run(
        [sys.executable, "-c", UNTRACKED], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "imported: []" in done.stderr
    run = Path(json.loads(done.stdout)["run_dir"])
    assert not (run / "tracking").exists()
    assert not [one.name for one in project.iterdir() if one.name.startswith("ml")]
