"""A fit of Lightning's that the system asks to end does so in order, and goes on."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

TRAINER = Path(__file__).parents[2] / "trainer"
SETTINGS = (
    "model_config.channels=4",
    "trainer_config.accelerator=cpu",
    "trainer_config.logger=false",
    "trainer_config.enable_progress_bar=false",
)


def command(*more):
    settings = [word for setting in (*SETTINGS, *more) for word in ("--set", setting)]
    return [sys.executable, "-m", "trainer.trainer_main", "--json", *settings]


def wait_for(path, process):
    deadline = time.monotonic() + 240  # a busy machine imports slowly
    while not path.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)


def test_a_fit_that_is_terminated_goes_on(tmp_path):
    ignored = shutil.ignore_patterns("__pycache__", "training_output")
    shutil.copytree(TRAINER, tmp_path / "trainer", ignore=ignored)
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        # A worker process is forked in every epoch, where Python ignores exceptions.
        command("trainer_config.max_epochs=1000", "model_config.num_workers=1"),
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    run = tmp_path / "training_output" / "v1"
    last = run / "2_fit.work" / "checkpoints" / "last.ckpt"
    wait_for(last, process)  # history.csv is there sooner: the checkpoint is an epoch's last act
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGTERM)  # as GNU timeout does
    out, err = process.communicate(timeout=120)

    assert process.returncode == 143, err
    error = json.loads(out)["error"]
    assert error["type"] == "SIGTERM"
    assert error["message"].startswith("Stopped by SIGTERM.")
    assert f"dsf-cli run --run-dir {run} --resume" in error["message"]
    assert error["message"] in err
    assert "Traceback" not in err
    fit = json.loads((run / "run.json").read_text())["steps"]["fit"]
    assert fit["status"] == "interrupted"
    assert last.is_file()
