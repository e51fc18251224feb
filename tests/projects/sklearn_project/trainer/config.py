"""Loads config.yaml."""

from pathlib import Path

from dsf.core.config import load_config


def load(env=None, overrides=()):
    return load_config(Path(__file__).parent / "config.yaml", env=env, overrides=overrides)
