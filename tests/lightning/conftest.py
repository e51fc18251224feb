"""A network small enough to train in a blink."""

import logging

import pytest
import torch
from torch import nn
from torch.utils.data import TensorDataset

from dsf.core.config import resolve_config
from dsf.lightning import DataModule, PlModel, build_trainer

logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)


@pytest.fixture
def model_config():
    config = resolve_config({"model_config": {"batch_size": 8, "num_classes": 3}})
    return dict(config["model_config"])


@pytest.fixture
def sets():
    generator = torch.Generator().manual_seed(0)
    targets = torch.randint(0, 3, (60,), generator=generator)
    inputs = torch.randn(60, 4, generator=generator) + nn.functional.one_hot(targets, 4)
    return [
        TensorDataset(inputs[part], targets[part])
        for part in (slice(0, 40), slice(40, 50), slice(50, 60))
    ]


@pytest.fixture
def make_model(model_config):
    def make(**changes):
        torch.manual_seed(0)
        network = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 3))
        names = ("accuracy", "precision", "recall", "f1")
        return PlModel(network, model_config | changes, dict.fromkeys(names, True))

    return make


@pytest.fixture
def make_data(model_config, sets):
    def make(**changes):
        return DataModule(model_config | changes, *sets)

    return make


@pytest.fixture
def fit(tmp_path, make_model, make_data):
    """Fit the tiny network and give the trainer."""

    def run(folder=None, model=None, resume_from=None, **trainer_config):
        defaults = {"max_epochs": 3, "accelerator": "cpu", "logger": False}
        trainer = build_trainer(
            defaults | {"enable_model_summary": False} | trainer_config, folder or tmp_path
        )
        trainer.fit(model or make_model(), make_data(), ckpt_path=resume_from, weights_only=True)
        return trainer

    return run
