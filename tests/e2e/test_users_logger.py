"""What a user's MLFlowLogger and the code around it log is in MLflow at last, server or not."""

import json
from pathlib import Path

import pytest
from mlflow import MlflowClient
from pytorch_lightning import Callback

from dsf.tracking import TrackingSettings, sync_run
from tests.tiny_text_project import TinyMain, make_tiny_config

pytestmark = pytest.mark.filterwarnings("ignore:.*does not have many workers.*")


class Telling(Callback):
    """Logs as users of Lightning's logger do."""

    def on_validation_epoch_end(self, trainer, pl_module):
        logger = trainer.logger
        logger.experiment.log_metric(logger.run_id, "own", 1.5, step=trainer.global_step)
        name = f"notes/{trainer.current_epoch}.txt"
        logger.experiment.log_text(logger.run_id, "seen", name)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run whose fit is done, while the server was away."""
    home = tmp_path_factory.mktemp("users")
    arguments = {"tracking_uri": "http://127.0.0.1:9", "prefix": "big", "log_model": "all"}
    logger = {"class_path": "pytorch_lightning.loggers.MLFlowLogger", "init_args": arguments}
    best = {"class_path": "dsf.lightning.BestCheckpoint", "init_args": {"monitor": "val_loss"}}
    config = make_tiny_config(
        home,
        trainer_config={"logger": logger, "callbacks": [best, Telling()], "max_epochs": 2},
        tracking_config={"patience": 0.5},
    )
    main = TinyMain(cfg=config)
    main.execute_trainer()
    return main.run_folder.path


def test_all_of_it_arrives(run, tmp_path):
    settings = TrackingSettings(tmp_path)
    found = sync_run(run, settings)
    assert (found.left, found.refused) == (0, 0)
    client = MlflowClient(found.where)
    metrics = client.get_run(found.run_id).data.metrics
    assert metrics["own"] == 1.5
    assert "big-val_loss" in metrics
    folder = tmp_path / "fetched"
    folder.mkdir()
    for name in ("best", "last"):
        path = client.download_artifacts(found.run_id, f"{name}/{name}.ckpt", str(folder))
        kept = run / "2_fit" / "checkpoints" / f"{name}.ckpt"
        assert Path(path).read_bytes() == kept.read_bytes()
    notes = {one.path for one in client.list_artifacts(found.run_id, "notes")}
    assert notes == {"notes/0.txt", "notes/1.txt"}


def test_checkpoints_are_told_from_where_they_stay(run):
    lines = (run / "tracking" / "journal.jsonl").read_text().splitlines()
    artifacts = [one for one in map(json.loads, lines) if one["kind"] == "artifact"]
    told = {one["path"]: one["folder"] for one in artifacts if one["path"].endswith(".ckpt")}
    assert told == {
        "2_fit/checkpoints/best.ckpt": "best",
        "2_fit/checkpoints/last.ckpt": "last",
    }
