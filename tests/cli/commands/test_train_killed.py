"""`dsf-cli train` that is killed in the middle of its fit: it goes on as if it never had been."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import torch

from dsf.core.multilabel_predictions import MultiLabelPredictions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer
    from tests.nursery import Nursery

HISTORY = Path("training_output/v1/2_fit/history.csv")
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


def kill_and_go_on(call: Callable[..., Answer], nursery: Nursery, settings: list[str]) -> None:
    """Let v1 be killed in its second epoch and go on, and v2 be never stopped."""
    command = ["train", "--file-path", "conf.yaml"]
    options = [word for setting in settings for word in ("--set", setting)]
    killed = nursery.run("-m", "dsf.cli", *command, *options, cwd=Path.cwd())
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not Path("training_output/v1/2_fit").exists()

    went_on = call(*command, "--check-point", "True", *options)
    assert went_on.code == 0, went_on.err
    assert "fit      goes on where it was stopped" in went_on.err
    whole = call(*command, *options)
    assert whole.code == 0, whole.err


def check_that_v1_ended_as_v2() -> None:
    one, other = Path("training_output/v1"), Path("training_output/v2")
    for name in ("best.ckpt", "last.ckpt"):
        first, second = (
            torch.load(run / "2_fit" / "checkpoints" / name, weights_only=True)["state_dict"]
            for run in (one, other)
        )
        assert first.keys() == second.keys()
        assert all(torch.equal(first[key], second[key]) for key in first)
    for file in ("2_fit/history.csv", "2_fit/fit.json", "3_test/metrics.json", "3_test/rates.json"):
        assert (one / file).read_bytes() == (other / file).read_bytes(), file
    assert pd.read_csv(HISTORY)["epoch"].tolist() == [0, 1, 2]


def test_a_killed_fit_ends_as_if_never_stopped(
    workplace: Path, call: Callable[..., Answer], nursery: Nursery
) -> None:
    module = f"own_{workplace.name}"
    (workplace / f"{module}.py").write_text(OWN, encoding="utf-8")
    kill_and_go_on(
        call,
        nursery,
        [
            f"trainer_config.callbacks=['{module}:KillOnce']",
            "trainer_config.loggers=[]",
            "trainer_config.kwargs.max_epochs=3",
            "trainer_config.lightning_module_config.optimizer.kwargs.lr=0.001",
        ],
    )
    check_that_v1_ended_as_v2()
    tested = pd.read_parquet("training_output/v1/3_test/predictions.parquet")
    assert tested["probability_toxic"].nunique() > 1  # it has learned something


def test_all_functions_may_be_ones_own_and_a_killed_fit_goes_on(
    workplace: Path, call: Callable[..., Answer], nursery: Nursery
) -> None:
    _replace_everything(workplace)
    settings = (workplace / "own.txt").read_text(encoding="utf-8").splitlines()
    kill_and_go_on(call, nursery, settings)
    check_that_v1_ended_as_v2()
    assert "val_answered" in pd.read_csv(HISTORY)
    assert Path("labels.txt").read_text(encoding="utf-8") == "(76, 1)"
    names = {path.name for path in Path("kept").iterdir()}  # of both runs
    assert names == {"one.ckpt", "one-v1.ckpt", "other.ckpt", "other-v1.ckpt"}
    found = pd.read_parquet("training_output/v1/3_test/predictions.parquet")
    answers = found["probability_toxic"] <= 0.25
    assert found["probability_toxic"].max() < 0.9
    assert found["prediction_toxic"].tolist() == answers.astype(int).tolist()
    again = MultiLabelPredictions.read(Path("training_output/v1/3_test/predictions.parquet"))
    assert again.predictions[:, 0].tolist() == found["prediction_toxic"].tolist()
    assert json.loads(Path("training_output/v1/3_test/rates.json").read_text())["metrics"][
        "answered"
    ] == pytest.approx(answers.mean())
