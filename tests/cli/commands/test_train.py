"""`dsf-cli train` with the users' YAML: from the file to a report, killed, and going on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import torch

from dsf.core.multilabel_predictions import MultiLabelPredictions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

ROOT = Path(__file__).resolve().parents[3]
OWN = '''
import os, signal
from pathlib import Path

import numpy as np
import pytorch_lightning as pl
import torch
from torch import nn


class Words(nn.Module):
    """A network that takes rows of one length."""

    def __init__(self, labels):
        super().__init__()
        self.table = nn.Embedding(400, 8)
        self.head = nn.Linear(8, labels)

    def forward(self, input_ids, attention_mask):
        mask = attention_mask[..., None]
        return self.head((self.table(input_ids) * mask).sum(1) / mask.sum(1))


class KillOnce(pl.Callback):
    """Ends the process in the second epoch, without a word."""

    def on_train_epoch_start(self, trainer, pl_module):
        if trainer.current_epoch == 1 and not Path("killed").exists():
            Path("killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)


def optimizer(params, pace):
    return torch.optim.SGD(params, lr=pace)


def define_loss(labels):
    with open("labels.txt", "w") as file:
        file.write(str(tuple(labels.shape)))
    return nn.BCEWithLogitsLoss()


def predict(logits):
    return torch.sigmoid(logits) * 0.9


def thresholds(labels, probabilities, floor):
    assert labels.shape == probabilities.shape
    return np.full(labels.shape[1], floor)


def predictions(probabilities, thresholds):
    return (probabilities <= thresholds).astype(int)  # the other way round: it must be ours


def metrics(labels, predictions, element):
    return {f"{element}_answered": predictions.mean()}
'''


def history(run: str = "v1") -> pd.DataFrame:
    return pd.read_csv(Path("training_output") / run / "2_fit" / "history.csv")


def read(name: str, run: str = "v1") -> Any:
    return json.loads((Path("training_output") / run / name).read_text(encoding="utf-8"))


def checkpoint(path: str) -> dict[str, Any]:
    content: dict[str, Any] = torch.load(path, weights_only=True)
    return content


@pytest.mark.usefixtures("workplace")
def test_the_yaml_trains_and_tests_and_goes_on(call: Callable[..., Answer]) -> None:
    first = call("train", "--file-path", "conf.yaml")
    assert first.code == 0, first.err
    assert first.err.count("MLflow") == 1
    check_results()

    again = call("train", "--file-path", "conf.yaml", "--check-point", "True")
    assert again.code == 0, again.err
    assert "is finished: it goes on only if max_epochs grows" in again.err
    assert len(history()) == 1

    more = ("--set", "trainer_config.kwargs.max_epochs=2")
    grown = call("train", "--file-path", "conf.yaml", "--check-point", "True", *more)
    assert grown.code == 0, grown.err
    assert history()["step"].tolist() == [16, 32]
    assert [path.name for path in Path("training_output").iterdir()] == ["v1"]

    last = "training_output/v1/2_fit/checkpoints/last.ckpt"  # goes on with the run that it lies in
    same = call("train", "--file-path", last, "--check-point", "True")
    assert same.code == 0, same.err
    assert same.err.count("skipped") == 5
    assert [path.name for path in Path("training_output").iterdir()] == ["v1"]

    other = ("--set", "trainer_config.data_module_config.dataset.batch_size=7")
    refused = call("train", "--file-path", "conf.yaml", "--check-point", "True", *more, *other)
    assert refused.code == 2
    assert "model_config.batch_size: 5 -> 7" in refused.err

    check_checkpoint_alone(call)


def check_results() -> None:
    rates = read("3_test/rates.json")
    assert rates["metrics"]["number_samples"] == 9
    assert {"tpr_avg", "fnr_error_bars_lower", "epoch_loss"} <= set(rates["metrics"])
    assert set(rates["labels"]) == {"toxic"}
    names = set(history().columns)
    assert {"train_loss", "val_loss", "val_epoch_loss", "train_epoch_loss"} <= names
    assert {"learning_rate", "val_f1", "val_tnr_error_bars_upper", "val_number_samples"} <= names
    assert set(read("5_compare/comparison.json")["metrics"]["f1"]) >= {"trained", "eval"}
    assert Path("state.bin").is_file()
    assert any(Path("tensorboard_logdir/run_name").rglob("events*"))
    assert sorted(path.name for path in Path("dirpath").iterdir()) == [
        "checkpoint.ckpt",
        "last.ckpt",
    ]
    kept = checkpoint("dirpath/checkpoint.ckpt")
    config = kept["hyper_parameters"]["config"]
    assert config["tracking_config"]["mlflow"]["description"] == "This is a description"
    assert kept["state_dict"]["objective._extra_state"].shape == (1,)
    tested = MultiLabelPredictions.read(Path("training_output/v1/3_test/predictions.parquet"))
    best = checkpoint("training_output/v1/2_fit/checkpoints/best.ckpt")
    assert best["optimizer_states"][0]["param_groups"][0]["fused"]  # AdamW as it comes
    assert best["state_dict"]["objective._extra_state"].tolist() == tested.thresholds.tolist()


def check_checkpoint_alone(call: Callable[..., Answer]) -> None:
    """A checkpoint, taken away from its run, begins a new one where it stood."""
    shutil.copy("training_output/v1/2_fit/checkpoints/last.ckpt", "moved.ckpt")
    shutil.rmtree("training_output")
    Path("conf.yaml").unlink()
    refused = call("train", "--file-path", "moved.ckpt")
    assert refused.code == 2
    assert "--check-point: must be True" in refused.err
    alone = call("train", "--file-path", "moved.ckpt", "--check-point", "True", "--json")
    assert alone.code == 0, alone.err
    assert json.loads(alone.out)["steps"]["compare"]["status"] == "done"
    before = checkpoint("moved.ckpt")["state_dict"]
    after = checkpoint("training_output/v1/2_fit/checkpoints/last.ckpt")["state_dict"]
    assert all(torch.equal(before[name], after[name]) for name in before)


def _replace_everything(workplace: Path) -> str:
    """Put functions of one's own into the YAML; give the name of their module."""
    module = f"own_{workplace.name}"
    (workplace / f"{module}.py").write_text(OWN, encoding="utf-8")
    part = "trainer_config.lightning_module_config"
    own = {
        f"{part}.model": f"{{module: {module}, func: Words, kwargs: {{labels: 1}}}}",
        f"{part}.optimizer": f"{{class_path: {module}.optimizer, init_args: {{pace: 0.5}}}}",
        f"{part}.define_loss": f"'{module}:define_loss'",
        f"{part}.predict": f"'{module}:predict'",
        f"{part}.calculate_best_thresholds": (
            f"{{module: {module}, func: thresholds, kwargs: {{floor: 0.25}}}}"
        ),
        f"{part}.calculate_predictions": f"'{module}:predictions'",
        f"{part}.calculate_metrics": f"'{module}:metrics'",
        "trainer_config.callbacks": (
            f"['{module}:KillOnce', {{module: pytorch_lightning.callbacks, func: ModelCheckpoint, "
            "kwargs: {dirpath: kept, filename: one, monitor: val_loss}}, {module: "
            "pytorch_lightning.callbacks, func: ModelCheckpoint, kwargs: {dirpath: kept, filename: "
            "other, monitor: val_loss}}]"
        ),
        "trainer_config.loggers": "[]",
        "trainer_config.kwargs.max_epochs": "3",
        "trainer_config.kwargs.enable_progress_bar": "false",
    }
    (workplace / "own.txt").write_text(
        "\n".join(f"{path}={value}" for path, value in own.items()), encoding="utf-8"
    )
    return module


def test_all_functions_may_be_ones_own_and_a_killed_fit_goes_on(
    workplace: Path, call: Callable[..., Answer]
) -> None:
    _replace_everything(workplace)
    settings = (workplace / "own.txt").read_text(encoding="utf-8").splitlines()
    command = ["train", "--file-path", "conf.yaml"]
    options = [word for setting in settings for word in ("--set", setting)]
    killed = subprocess.run(
        [sys.executable, "-m", "dsf.cli", *command, *options],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not Path("training_output/v1/2_fit").exists()

    went_on = call(*command, "--check-point", "True", *options)
    assert went_on.code == 0, went_on.err
    assert "fit      goes on where it was stopped" in went_on.err
    assert history()["epoch"].tolist() == [0, 1, 2]
    assert "val_answered" in history()
    assert Path("labels.txt").read_text(encoding="utf-8") == "(76, 1)"
    assert {path.name for path in Path("kept").iterdir()} == {"one.ckpt", "other.ckpt"}
    found = pd.read_parquet("training_output/v1/3_test/predictions.parquet")
    answers = found["probability_toxic"] <= 0.25
    assert found["probability_toxic"].max() < 0.9
    assert found["prediction_toxic"].tolist() == answers.astype(int).tolist()
    again = MultiLabelPredictions.read(Path("training_output/v1/3_test/predictions.parquet"))
    assert again.predictions[:, 0].tolist() == found["prediction_toxic"].tolist()
    assert read("3_test/rates.json")["metrics"]["answered"] == pytest.approx(answers.mean())


@pytest.mark.usefixtures("workplace")
def test_mistakes_end_with_2_and_leave_nothing(call: Callable[..., Answer]) -> None:
    size = "trainer_config.lightning_module_config.model.hidden_size=768"
    answer = call("train", "--file-path", "conf.yaml", "--set", size)
    assert answer.code == 2
    assert "must be 32, that of the encoder 'scratch:encoder', not 768" in answer.err
    assert not Path("training_output").exists()
    answer = call("train", "--file-path", "config.yaml")
    assert answer.code == 2
    assert "In its folder are: conf.yaml" in answer.err
    answer = call("train", "--file-path", "conf.yaml", "--check-point", "True")
    assert answer.code == 2
    assert "there is none. Start one first, without --check-point." in answer.err
    Path("broken.ckpt").write_bytes(b"PK")
    answer = call("train", "--file-path", "broken.ckpt", "--check-point", "True")
    assert answer.code == 2
    assert "must be a whole checkpoint" in answer.err
    torch.save({"state_dict": {}}, "foreign.ckpt")
    answer = call("train", "--file-path", "foreign.ckpt", "--check-point", "True")
    assert answer.code == 2
    assert "that `dsf-cli train` has left" in answer.err
