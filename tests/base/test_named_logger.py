"""An MLFlowLogger of a config says the same in each spelling."""

from __future__ import annotations

import pytest
from pytorch_lightning.loggers import MLFlowLogger as LightningLogger

from dsf.base.named_logger import NamedLogger, Said, find_logger, is_mlflow_logger
from dsf.core.config import resolve_config
from dsf.lightning.mlflow_logger import MLFlowLogger

PATH = "pytorch_lightning.loggers"


@pytest.mark.parametrize(
    "logger",
    [
        {"class_path": f"{PATH}.MLFlowLogger", "init_args": {"experiment_name": "mail"}},
        {"module": PATH, "func": "MLFlowLogger", "kwargs": {"experiment_name": "mail"}},
        {"module": PATH, "func": "MLFlowLogger", "args": ["mail"]},
    ],
)
def test_it_is_found_in_every_spelling(logger):
    for given in (logger, [f"{PATH}:CSVLogger", logger]):
        found = find_logger({"trainer_config": {"logger": given}})
        assert found.say() == {"experiment_name": Said("experiment_name", "mail")}
        assert not found.keeps_checkpoints


def test_a_live_one_says_what_it_was_made_with():
    logger = MLFlowLogger("mail", tracking_uri="sqlite:///x.db", log_model="all")
    config = resolve_config({"trainer_config": {"logger": [logger]}})
    found = find_logger(config)
    assert found.say()["tracking_uri"] == Said("tracking_uri", "sqlite:///x.db")
    assert found.keeps_checkpoints


def test_a_folder_to_save_to_is_an_address_unless_there_is_one():
    named = NamedLogger({"save_dir": "runs", "run_id": "x", "synchronous": None})
    assert named.say() == {"tracking_uri": Said("save_dir", "runs")}
    assert named.without_effect == ["run_id"]
    both = NamedLogger({"save_dir": "runs", "tracking_uri": "http://host"})
    assert both.say() == {"tracking_uri": Said("tracking_uri", "http://host")}


@pytest.mark.parametrize("value", [None, True, f"{PATH}:CSVLogger", "my.MyMLFlowLogger", 3, []])
def test_nothing_else_is_one(value):
    assert not is_mlflow_logger(value)
    assert find_logger({"trainer_config": {"logger": value}}) is None


def test_positions_are_those_of_lightnings_own():
    names = LightningLogger.__init__.__code__.co_varnames[1:7]
    values = list(range(1, 7))
    read = NamedLogger.read({"module": PATH, "func": "MLFlowLogger", "args": values})
    assert read.arguments == dict(zip(names, values, strict=True))
