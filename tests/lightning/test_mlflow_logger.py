"""Of several processes of a fit, one logs: what all of them say arrives once."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytorch_lightning.utilities import rank_zero_only

from dsf.lightning.mlflow_logger import MLFlowLogger
from dsf.tracking import JournalClient, JournalTracker, TrackingSettings, tracking_with

FORKED = """
import sys
from pathlib import Path

import pytorch_lightning as pl
from pytorch_lightning.demos.boring_classes import BoringModel

from dsf.lightning.mlflow_logger import MLFlowLogger
from dsf.tracking import JournalTracker, TrackingSettings, tracking_with


class Talking(BoringModel):
    def on_train_end(self):
        logger = self.trainer.logger
        rank = self.trainer.global_rank
        Path(f"rank_{rank}.txt").write_text(repr(logger.run_id))
        logger.experiment.log_metric(logger.run_id, "own", 1.0)
        logger.experiment.log_text(logger.run_id, str(rank), "who.txt")


tracker = JournalTracker(Path("v1"), TrackingSettings(Path.cwd(), patience=30))
with tracking_with(tracker):
    tracker.set_status("RUNNING")
    assert tracker.flush(60)
    quiet = dict(enable_progress_bar=False, enable_model_summary=False)
    pl.Trainer(
        accelerator="cpu",
        devices=2,
        strategy="ddp_fork",
        max_steps=1,
        limit_val_batches=0,
        enable_checkpointing=False,
        logger=MLFlowLogger("mail"),
        **quiet,
    ).fit(Talking())
    print(tracker.run_id)
tracker.close()
"""


def events_of(run_folder: Path) -> list[dict[str, object]]:
    lines = (run_folder / "tracking" / "journal.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_forked_processes_log_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKED],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    events = events_of(tmp_path / "v1")
    assert [one["values"] for one in events if one["kind"] == "metrics"] == [{"own": 1.0}]
    (file,) = [one for one in events if one["kind"] == "artifact"]
    assert (tmp_path / "v1" / str(file["path"])).read_text() == "0"
    said = {(tmp_path / f"rank_{rank}.txt").read_text() for rank in (0, 1)}
    assert said == {repr(done.stdout.split()[-1])}


def test_another_rank_takes_every_call_and_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        uri = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings = TrackingSettings(tmp_path, tracking_uri=uri, patience=2)
        tracker = JournalTracker(tmp_path / "v1", settings)
        with tracking_with(tracker):
            logger = MLFlowLogger("mail")
            assert isinstance(logger.experiment, JournalClient)
            tracker.log_metrics({"loss": 1.0}, step=0)
            before = events_of(tmp_path / "v1")
            monkeypatch.setattr(rank_zero_only, "rank", 1)
            began = time.monotonic()
            assert logger.run_id == ""
            assert time.monotonic() - began < 1
            logger.experiment.log_metric(logger.run_id, "own", 1)
            logger.experiment.get_run(logger.run_id)
            logger.log_metrics({"loss": 2.0}, 1)
            assert events_of(tmp_path / "v1") == before
            monkeypatch.setattr(rank_zero_only, "rank", 0)
            assert isinstance(logger.experiment, JournalClient)
        tracker.close()
