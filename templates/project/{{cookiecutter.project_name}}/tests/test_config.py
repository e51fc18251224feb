"""The config says what you mean. Add a test for each key of your own that has a rule."""

import pytest

from dsf.core.errors import ConfigError
from trainer.config import load


def test_the_config_is_valid() -> None:
    assert load()["project"] == "{{ cookiecutter.project_name }}"


def test_a_value_can_be_set_for_one_run() -> None:
    assert load(overrides=["model_config.batch_size=8"])["model_config"]["batch_size"] == 8


def test_a_typing_error_is_found_before_anything_runs() -> None:
    with pytest.raises(ConfigError, match="max_epochs"):  # the suggestion
        load(overrides=["trainer_config.max_epoch=3"])
