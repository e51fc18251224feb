"""What the tests share: the project's config, made small enough for a test."""

from pathlib import Path

import pytest

from dsf.core.config import Config
from dsf.data import name_text
from dsf.networks import new_encoder
from dsf.tasks.{{ cookiecutter.task }} import load_rows
from trainer.config import load

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny encoder that has learned nothing yet, with the words of the project's texts."""
    section = load()["dataset_config"]
    rows = load_rows(ROOT / (section["dataset_path"] or section["training_path"]), section)
    texts = rows[name_text(section)].tolist()
    folder = tmp_path_factory.mktemp("encoder") / "tiny"
    new_encoder(folder, texts, vocabulary_size=2000, hidden_size=64, layers=1, heads=2)
    return folder


@pytest.fixture
def config(tmp_path: Path, tiny_encoder: Path) -> Config:
    """The real config with a short fit of a tiny encoder; runs go to a temporary folder alone.

    Is your data large? Add "trainer_config.limit_train_batches=50".
    """
    return load(
        overrides=[
            "trainer_config.max_epochs=12",
            f"model_config.encoder=scratch:{tiny_encoder}",
            "model_config.learning_rate=3e-3",
            "model_config.layer_decay=null",
            "model_config.freeze_layers=null",
            "trainer_config.accelerator=cpu",
            "trainer_config.devices=1",
            "trainer_config.enable_progress_bar=false",
            "tracking_config.use_mlflow=false",
            "register_config.name=null",
            "eval_config.incumbent=null",
            f"dataset_config.cache_path={tmp_path / 'cache'}",
            f"paths.output={tmp_path}",
        ]
    )
