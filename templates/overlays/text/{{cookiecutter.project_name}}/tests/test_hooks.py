"""Each hook gives what the next one needs, in the order in which you fill them in.

Keep these; add what only you know about your data.
"""

import pandas as pd
import pytest
import torch

from dsf.core.config import Config
from dsf.tasks.config import TextProjectConfig
from dsf.testing import fill_config
from trainer.config import load
from trainer.data import {{ cookiecutter.class_prefix }}Data
from trainer.dataset_preparation import {{ cookiecutter.class_prefix }}DatasetPreparation
from trainer.model import {{ cookiecutter.class_prefix }}Model
from trainer.trainer_main import {{ cookiecutter.class_prefix }}Main


def prepare(config: Config) -> {{ cookiecutter.class_prefix }}DatasetPreparation:
    section = {**config["dataset_config"], "seed": 1}
    place = {{ cookiecutter.class_prefix }}Main.project_dir() / section["dataset_path"]
    preparation = {{ cookiecutter.class_prefix }}DatasetPreparation
    return preparation(dataset_path=place, dataset_config=section)


def make_batch(config: dict, rows: pd.DataFrame) -> dict[str, torch.Tensor]:
    data = {{ cookiecutter.class_prefix }}Data(
        model_config=config["model_config"],
        dataset_config=config["dataset_config"],
        dataset_train=rows.head(200),
        dataset_validation=rows.head(200),
    )
    batch: dict[str, torch.Tensor] = next(iter(data.get_data_module().train_dataloader()))
    return batch


@pytest.fixture
def rows(config: Config) -> pd.DataFrame:
    return prepare(config).get_rows()


def test_split_gives_every_row_to_one_part(config: Config, rows: pd.DataFrame) -> None:
    parts = prepare(config).get_parts(rows)
    row_ids = pd.concat([part["row_id"] for part in parts.values()])
    assert sorted(row_ids) == sorted(rows["row_id"])


def test_data_gives_batches_without_padding(config: Config, rows: pd.DataFrame) -> None:
    batch = make_batch(fill_config(config, rows, TextProjectConfig), rows)
    assert len(batch["input_ids"]) == batch["lengths"].sum() > 0
    assert len(batch["lengths"]) <= load()["model_config"]["batch_size"]


def test_the_network_takes_a_batch(config: Config, rows: pd.DataFrame) -> None:
    filled = fill_config(config, rows, TextProjectConfig)
    batch = make_batch(filled, rows)
    model = {{ cookiecutter.class_prefix }}Model(
        model_config=filled["model_config"], metrics_config=filled["metrics"]
    ).get_model()
    inputs, targets = model.objective.read(batch)
    loss = model.compute_loss(model(*inputs), targets)
    assert torch.isfinite(loss)
