"""Each hook gives what the next one needs. Keep these; add what only you know about your data."""

import torch

from dsf.core.config import Config
from trainer.data import {{ cookiecutter.class_prefix }}Data
from trainer.dataset_preparation import {{ cookiecutter.class_prefix }}DatasetPreparation
from trainer.model import {{ cookiecutter.class_prefix }}Model


def prepare(config: Config) -> {{ cookiecutter.class_prefix }}DatasetPreparation:
    section = {**config["dataset_config"], "seed": 1}
    return {{ cookiecutter.class_prefix }}DatasetPreparation(
        dataset_path=section["dataset_path"],
        dataset_config=section,
    )


def test_load_gives_labelled_rows(config: Config) -> None:
    rows = prepare(config).get_rows()
    assert len(rows) > 100
    assert not rows[config["dataset_config"]["label_column"]].isna().any()


def test_split_gives_every_row_to_one_part(config: Config) -> None:
    preparation = prepare(config)
    rows = preparation.get_rows()
    parts = preparation.get_parts(rows)
    assert sum(len(part) for part in parts.values()) == len(rows)


def test_the_network_takes_a_batch(config: Config) -> None:
    rows = prepare(config).get_rows().head(200)
    labels = sorted(rows[config["dataset_config"]["label_column"]].unique().tolist())
    # The base fills these two in, from the labels that it finds in the data.
    model_config = {**config["model_config"], "label_names": labels, "num_classes": len(labels)}
    data = {{ cookiecutter.class_prefix }}Data(
        model_config=model_config,
        dataset_config=config["dataset_config"],
        dataset_train=rows,
        dataset_validation=rows,
    )
    inputs, targets = next(iter(data.get_data_module().train_dataloader()))
    model = {{ cookiecutter.class_prefix }}Model(model_config=model_config)
    scores = model.get_model()(inputs)
    assert scores.shape == (len(targets), len(labels))
    assert torch.isfinite(scores).all()
