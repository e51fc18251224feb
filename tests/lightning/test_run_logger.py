"""The numbers of a fit go to the tracker of the run, whichever logger the config names."""

from __future__ import annotations

import json
import socket
import time

import pytest
from mlflow import MlflowClient
from pytorch_lightning import loggers

from dsf.core.references import resolve
from dsf.lightning.mlflow_logger import MLFlowLogger
from dsf.lightning.run_logger import RunLogger
from dsf.lightning.trainer import build_trainer
from dsf.tracking import JournalTracker, TrackingSettings, tracking_with


@pytest.fixture
def tracker(tmp_path):
    tracker = JournalTracker(tmp_path / "v1", TrackingSettings(project=tmp_path))
    with tracking_with(tracker):
        yield tracker
    tracker.close()


def logged(tracker):
    """What the journal of the run has of numbers."""
    lines = (tracker.run_folder / "tracking" / "journal.jsonl").read_text().splitlines()
    events = [json.loads(line) for line in lines]
    return [(one["values"], one["step"]) for one in events if one["kind"] == "metrics"]


def loggers_of(folder, **config):
    return [type(one) for one in build_trainer({"max_epochs": 1, **config}, folder).loggers]


def test_a_tracked_fit_has_a_logger_for_its_run(tmp_path):
    assert loggers_of(tmp_path) == [loggers.TensorBoardLogger, loggers.CSVLogger]
    assert loggers_of(tmp_path, logger=False) == []


@pytest.mark.usefixtures("tracker")
def test_it_stands_beside_all_others(tmp_path):
    usual = [loggers.TensorBoardLogger, loggers.CSVLogger, RunLogger]
    csv = loggers.CSVLogger(str(tmp_path))
    assert loggers_of(tmp_path) == usual
    assert loggers_of(tmp_path, logger=csv) == [loggers.CSVLogger, RunLogger]
    assert loggers_of(tmp_path, logger=False) == [RunLogger]
    assert loggers_of(tmp_path, logger=[csv, MLFlowLogger()]) == [loggers.CSVLogger, MLFlowLogger]


def test_numbers_keep_their_step(tracker):
    RunLogger(tracker).log_metrics({"val_loss": 0.5, "epoch": 1}, 43)
    assert logged(tracker) == [({"val_loss": 0.5, "epoch": 1.0}, 43)]


@pytest.mark.parametrize(
    "name",
    [
        "pytorch_lightning.loggers:MLFlowLogger",
        "lightning.pytorch.loggers:MLFlowLogger",
        "pytorch_lightning.loggers.mlflow:MLFlowLogger",
    ],
)
def test_a_config_that_names_lightnings_gets_ours(name):
    assert resolve(name) is MLFlowLogger
    assert issubclass(MLFlowLogger, loggers.MLFlowLogger)


def test_ours_takes_what_lightnings_takes_and_logs_into_the_run(tracker):
    logger = MLFlowLogger("mail", tracking_uri="http://nowhere:1", prefix="big", log_model="all")
    logger.log_hyperparams({"rate": 1})
    logger.log_metrics({"val_loss": 0.5}, 7)
    logger.finalize("success")
    assert logged(tracker) == [({"big-val_loss": 0.5}, 7)]
    assert logger.name == "mail"
    assert logger.save_dir is None


def test_code_that_takes_the_experiment_for_mlflows_client_logs_into_the_run(tracker):
    logger = MLFlowLogger("mail")
    run_id = logger.run_id
    logger.experiment.log_metric(run_id, "own", 2, step=3)
    assert logged(tracker) == [({"own": 2.0}, 3)]
    assert tracker.flush(60)
    client = MlflowClient(tracker.where)
    assert client.get_run(logger.run_id).data.metrics == {"own": 2.0}


def test_a_server_that_never_answers_is_waited_for_once(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        uri = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings = TrackingSettings(tmp_path, tracking_uri=uri, patience=1)
        tracker = JournalTracker(tmp_path / "v2", settings)
        with tracking_with(tracker):
            logger = MLFlowLogger("mail")
            logger.log_metrics({"val_loss": 0.5}, 7)
            began = time.monotonic()
            assert [logger.run_id for _ in range(20)] == [""] * 20
            assert 0.9 < time.monotonic() - began < 5
            logger.experiment.log_metric(logger.run_id, "own", 1)
        tracker.close()
    assert logged(tracker) == [({"val_loss": 0.5}, 7), ({"own": 1.0}, 0)]


def test_a_logger_that_the_config_made_before_the_run_logs_into_it(tmp_path):
    logger = MLFlowLogger("mail")
    settings = TrackingSettings(tmp_path, tracking_uri="http://127.0.0.1:9", patience=0.1)
    tracker = JournalTracker(tmp_path / "v2", settings)
    with tracking_with(tracker):
        logger.log_metrics({"val_loss": 0.5}, 7)
    tracker.close()
    assert logged(tracker) == [({"val_loss": 0.5}, 7)]


def test_where_nothing_is_tracked_it_does_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    logger = MLFlowLogger(tracking_uri="mlruns")
    logger.log_metrics({"val_loss": 0.5}, 7)
    logger.experiment.log_text(logger.run_id, "text", "a.txt")
    assert logger.run_id == ""
    assert not list(tmp_path.iterdir())
