"""Loads config.yaml. Change the config in Python here, if YAML is not enough."""

from collections.abc import Sequence
from pathlib import Path

from dsf.core.config import Config, load_config
from dsf.tasks.config import TextProjectConfig

CONFIG_FILE = Path(__file__).parent / "config.yaml"


def load(env: str | None = None, overrides: Sequence[str] = ()) -> Config:
    """Load the config of an environment, with overrides such as "trainer_config.max_epochs=3"."""
    config = load_config(CONFIG_FILE, env=env, overrides=overrides, schema=TextProjectConfig)
    config["trainer_config"].setdefault("callbacks", [])  # .append(MyCallback()), for example
    return config
