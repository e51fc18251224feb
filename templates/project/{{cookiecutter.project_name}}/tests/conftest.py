"""What the tests share: the project's config, made small enough for a test."""

from pathlib import Path

import pytest

from dsf.core.config import Config
from trainer.config import load


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The real config with two epochs, on the CPU; runs go to a temporary folder."""
    return load(
        overrides=[
            "trainer_config.max_epochs=2",
            "trainer_config.accelerator=cpu",
            "trainer_config.devices=1",
            "trainer_config.enable_progress_bar=false",
            f"paths.output={tmp_path}",
        ]
    )
