"""The config in a checkpoint, and what may be set besides, in the words of the YAML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch

from dsf.core.config import freeze_config
from dsf.core.errors import ConfigError, RunMismatchError
from dsf.tasks.multilabel.from_yaml.checkpoint_config import config_of_checkpoint
from dsf.tasks.multilabel.from_yaml.translation import translate
from dsf.tasks.multilabel.from_yaml.yaml_config import read_yaml_config

if TYPE_CHECKING:
    from collections.abc import Callable

MODULE = "trainer_config.lightning_module_config"
DATA = "trainer_config.data_module_config"


@pytest.fixture
def load(workplace: Path) -> Callable[..., dict[str, Any]]:
    """Read the config of a checkpoint of two epochs."""

    def do(*overrides: str, yaml: tuple[str, ...] = ()) -> dict[str, Any]:
        config = freeze_config(translate(read_yaml_config(workplace / "conf.yaml", yaml))[0])
        progress = {"fit_loop": {"epoch_progress": {"current": {"processed": 2}}}}
        kept = {"config": config, "rows": {"all": "abc"}}
        content = {"state_dict": {}, "hyper_parameters": kept, "loops": progress}
        torch.save(content | {"optimizer_states": []}, "two.ckpt")
        return config_of_checkpoint(Path("two.ckpt"), overrides)

    return do


EPOCHS = "trainer_config.kwargs.max_epochs=3"


def test_what_is_set_wins(load: Callable[..., dict[str, Any]]) -> None:
    config = load(
        EPOCHS,
        f"{MODULE}.model.dropout_prob=0.3",
        f"{MODULE}.optimizer.kwargs={{lr: 0.5, eps: 1e-6}}",
        f"{DATA}.dataset.batch_size=9",
        f"{DATA}.dataset.kwargs={{num_workers: 3, prefetch_factor: 4}}",
        f"{DATA}.load_data.kwargs.file_path=other.csv",
    )
    model = config["model_config"]
    assert config["trainer_config"]["max_epochs"] == 3
    assert config["trainer_config"]["accelerator"] == "cpu"
    assert (model["dropout"], model["batch_size"], model["num_workers"]) == (0.3, 9, 3)
    assert model["optimizer"]["kwargs"] == {"lr": 0.5, "eps": 1e-6}
    assert model["learning_rate"] == 0.5
    assert model["loader_options"] == {"pin_memory": True, "prefetch_factor": 4}
    assert config["dataset_config"]["dataset_path"] == "other.csv"


def test_what_a_function_of_ones_own_is_given_may_be_set(
    load: Callable[..., dict[str, Any]],
) -> None:
    own = "{class_path: pandas.read_csv, init_args: {filepath_or_buffer: old.csv, sep: ';'}}"
    config = load(
        EPOCHS,
        f"{DATA}.load_data.init_args.filepath_or_buffer=new.csv",
        yaml=(f"{DATA}.load_data={own}",),
    )
    given = config["dataset_config"]["hooks"]["load_data"]["init_args"]
    assert given == {"filepath_or_buffer": "new.csv", "sep": ";"}


@pytest.mark.parametrize(
    ("override", "told"),
    [
        (f"{MODULE}.model.hidden_size=64", "model.hidden_size: must not be set with a checkpoint"),
        ("trainer_config.seed=1", "set one of trainer_config.kwargs, "),
        ("trainer_config.kwargs={callbacks: []}", "kwargs.callbacks: must not be set"),
        ("model_config.batch_size=7", "model_config.batch_size: must not be set"),
        (f"{DATA}.dataset.batch_size.rows=7", "has no key 'rows'"),
        (f"{DATA}.dataset.batch_size=0", f"{DATA}.dataset.batch_size: must be at least 1"),
        (f"{DATA}.dataset.kwargs.sampler=x", f"{DATA}.dataset.kwargs.sampler: is not a known key"),
        ("trainer_config.kwargs.max_epochs=1", "kwargs.max_epochs: must be at least 2"),
        ("max_epochs", "must be written path.to.key=value"),
    ],
)
def test_what_cannot_be_set_is_told_by_its_place(
    load: Callable[..., dict[str, Any]], override: str, told: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(EPOCHS, override)
    assert told in str(caught.value)


def test_a_checkpoint_of_something_else_is_told(tmp_path: Path) -> None:
    torch.save({"state_dict": {}, "hyper_parameters": {"config": {}}}, tmp_path / "other.ckpt")
    with pytest.raises(RunMismatchError, match="with its config and the hashes of its rows"):
        config_of_checkpoint(tmp_path / "other.ckpt")
    kept = {"config": {}, "rows": {"all": "abc"}}
    torch.save({"state_dict": {}, "hyper_parameters": kept}, tmp_path / "weights.ckpt")
    with pytest.raises(RunMismatchError, match=r"weights only \(save_weights_only\)"):
        config_of_checkpoint(tmp_path / "weights.ckpt")
