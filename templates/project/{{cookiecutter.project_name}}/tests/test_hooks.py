"""Each hook gives what the next one needs, in the order in which you fill them in.

Keep these; add what only you know about your data.
"""

import pandas as pd
import torch

from dsf.core.config import Config
from dsf.data import list_labels
from trainer.data import {{ cookiecutter.class_prefix }}Data
from trainer.dataset_preparation import {{ cookiecutter.class_prefix }}DatasetPreparation
from trainer.model import {{ cookiecutter.class_prefix }}Model


def prepare(config: Config) -> {{ cookiecutter.class_prefix }}DatasetPreparation:
    section = {**config["dataset_config"], "seed": 1}
    return {{ cookiecutter.class_prefix }}DatasetPreparation(
        dataset_path=section["dataset_path"],
        dataset_config=section,
    )


def make_model_config(config: Config, rows: pd.DataFrame) -> dict:
    """Fill in the two that the base fills in, from the labels that it finds in the rows."""
    names = list_labels([rows[config["dataset_config"]["label_column"]]])
    return {**config["model_config"], "label_names": names, "num_classes": len(names)}


def make_batch(config: Config, rows: pd.DataFrame) -> tuple[torch.Tensor, torch.Tensor]:
    data = {{ cookiecutter.class_prefix }}Data(
        model_config=make_model_config(config, rows),
        dataset_config=config["dataset_config"],
        dataset_train=rows.head(200),
        dataset_validation=rows.head(200),
    )
    inputs, targets = next(iter(data.get_data_module().train_dataloader()))
    return inputs, targets


def test_load_gives_labelled_rows(config: Config) -> None:
    rows = prepare(config).get_rows()
    labels = rows[config["dataset_config"]["label_column"]]
    assert not labels.isna().any()
    assert labels.nunique() > 1


def test_split_gives_every_row_to_one_part(config: Config) -> None:
    preparation = prepare(config)
    rows = preparation.get_rows()
    parts = preparation.get_parts(rows)
    row_ids = pd.concat([part["row_id"] for part in parts.values()])
    assert sorted(row_ids) == sorted(rows["row_id"])


def test_data_gives_batches(config: Config) -> None:
    rows = prepare(config).get_rows()
    inputs, targets = make_batch(config, rows)
    assert len(inputs) == len(targets) > 0
    assert torch.isfinite(inputs).all()


def test_the_network_takes_a_batch(config: Config) -> None:
    rows = prepare(config).get_rows()
    inputs, targets = make_batch(config, rows)
    model_config = make_model_config(config, rows)
    model = {{ cookiecutter.class_prefix }}Model(model_config=model_config).get_model()
    scores = model(inputs)
    assert scores.shape == (len(targets), model_config["num_classes"])
    assert torch.isfinite(scores).all()
