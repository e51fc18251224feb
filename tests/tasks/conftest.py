"""A tiny encoder that knows the words of a few sentences."""

import pytest

from dsf.networks import new_encoder
from dsf.tasks.config import TextProjectConfig
from dsf.testing import fill_config

TEXTS = [
    "what is the time in new york",
    "book a flight to rome for two people",
    "the train from oslo to cape town is late",
    "a cup of tea and the time of my life",
]


@pytest.fixture(scope="session")
def encoder(tmp_path_factory):
    """Name the encoder as ``model_config.encoder`` does."""
    folder = tmp_path_factory.mktemp("encoder") / "tiny"
    return new_encoder(
        folder,
        TEXTS,
        vocabulary_size=300,
        hidden_size=32,
        layers=2,
        heads=2,
        max_length=24,
    )


@pytest.fixture
def complete(encoder):
    """Complete the keys of a config with those of the encoder, the rows and the defaults."""

    def make(rows, dataset_config, **model_config):
        sections = {
            "model_config": {
                "encoder": encoder,
                "max_length": 24,
                "window_stride": 4,
                "dropout": 0.0,
            }
            | model_config,
            "dataset_config": {"text_column": "text", "split_strategy": "random"} | dataset_config,
        }
        return fill_config(sections, rows, TextProjectConfig)

    return make
