"""What the tests share: the project's config, made small enough for a test."""

from pathlib import Path

import pytest

from dsf.core.config import Config
from trainer.config import load


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The real config with a short fit, on the CPU; runs go to a temporary folder, and nowhere else.

    Is your data large? Add "trainer_config.limit_train_batches=50".
    """
    return load(
        overrides=[
            "trainer_config.max_epochs=3",
            "model_config.schedule=constant",
            "model_config.num_warmup_steps=0",
            "trainer_config.accelerator=cpu",
            "trainer_config.devices=1",
            "trainer_config.enable_progress_bar=false",
            "tracking_config.use_mlflow=false",
            "register_config.name=null",
            "eval_config.incumbent=null",
            f"paths.output={tmp_path}",
        ]
    )
