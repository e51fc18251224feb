"""A fit with two processes, from the command line: one run, one answer, every row once."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd

TRAINER = Path(__file__).parents[2] / "trainer"
SETTINGS = (
    "model_config.channels=4",
    "trainer_config.accelerator=cpu",
    "trainer_config.devices=2",
    "trainer_config.strategy=ddp",
    "trainer_config.max_epochs=2",
    "trainer_config.logger=false",
    "bootstrap_config.n_iterations=20",
)


def test_two_processes_make_one_run(tmp_path):
    ignored = shutil.ignore_patterns("__pycache__", "training_output")
    shutil.copytree(TRAINER, tmp_path / "trainer", ignore=ignored)
    settings = [word for setting in SETTINGS for word in ("--set", setting)]
    done = subprocess.run(
        [sys.executable, "-m", "trainer.trainer_main", "--json", *settings],
        cwd=tmp_path,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)  # fails if the second process answers too
    assert set(answer["comparison"]["accuracy"]) == {"trained", "eval"}

    output = tmp_path / "training_output"
    assert [path.name for path in output.iterdir()] == ["v1"]
    run = output / "v1"
    steps = json.loads((run / "run.json").read_text())["steps"]
    assert {name: step["status"] for name, step in steps.items()} == dict.fromkeys(
        ("split", "fit", "test", "eval", "compare", "export"), "done"
    )
    assert list(run.rglob("*.work")) == []

    validation = pd.read_parquet(run / "1_split" / "validation.parquet")["row_id"]
    answered = pd.read_parquet(run / "2_fit" / "validation_predictions.parquet")["row_id"]
    assert answered.tolist() == validation.tolist()

    history = pd.read_csv(run / "2_fit" / "history.csv")
    assert history["epoch"].tolist() == [0, 1]
    rows = pd.read_parquet(run / "1_split" / "train.parquet")
    # 32 rows a batch in each of two processes; an epoch sees every row once, padded to even.
    assert history["step"].tolist() == [-(-len(rows) // 64), 2 * -(-len(rows) // 64)]
    test_rows = pd.read_parquet(run / "1_split" / "test.parquet")
    answers = pd.read_parquet(run / "3_test" / "predictions.parquet")
    assert answers["row_id"].tolist() == test_rows["row_id"].tolist()
    assert answers["row_id"].is_unique
