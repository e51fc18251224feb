"""A fit whose tracking server is killed in its midst, and comes back."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.mlflow_server import MlflowServer

ROOT = Path(__file__).parents[2]
EPOCHS = 40
PATIENCE = 120.0  # seconds


@pytest.fixture
def server(tmp_path):
    server = MlflowServer(tmp_path)
    server.start()
    yield server
    server.kill()


def epochs_of(run):
    """How many epochs the fit that is at work has done."""
    path = run / "2_fit.work" / "history.csv"
    return len(pd.read_csv(path)) if path.is_file() else 0


def wait(condition, process):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, "it ended before its time"
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def test_a_server_that_dies_in_a_fit_has_everything_in_the_end(server, tmp_path):
    run = tmp_path / "runs" / "v1"
    values = {
        "trainer_config.max_epochs": EPOCHS,
        "trainer_config.callbacks": "[]",
        "tracking_config.use_mlflow": "true",
        "tracking_config.tracking_uri": server.uri,
        "tracking_config.experiment_name": "digits",
    }
    options = [word for key, value in values.items() for word in ("--set", f"{key}={value}")]
    command = [sys.executable, "-m", "dsf.cli", "run", "--json", "--run-dir", str(run), *options]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        wait(lambda: epochs_of(run) >= 3, process)
        server.kill()
        before = epochs_of(run)
        wait(lambda: epochs_of(run) >= before + 3, process)
        server.start()
        assert process.wait(PATIENCE) == 0, (tmp_path / "log").read_text()
    assert (tmp_path / "log").read_text().count("Traceback") == 0
    check(server, run)


def check(server, run):
    from mlflow import MlflowClient

    client = MlflowClient(server.uri)
    experiment = client.get_experiment_by_name("digits")
    (found,) = client.search_runs([experiment.experiment_id])
    assert found.info.status == "FINISHED"
    history = pd.read_csv(run / "2_fit" / "history.csv")
    assert len(history) == EPOCHS
    losses = client.get_metric_history(found.info.run_id, "val_loss")
    assert [one.value for one in losses] == pytest.approx(history["val_loss"].tolist())
    assert [one.step for one in losses] == sorted({one.step for one in losses})
    results = json.loads((run / "3_test" / "metrics.json").read_text())
    assert found.data.metrics["test_accuracy"] == results["accuracy"]
    names = {one.path for one in client.list_artifacts(found.info.run_id, "5_compare")}
    assert "5_compare/report.html" in names
