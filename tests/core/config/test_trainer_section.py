"""What goes to the Trainer is checked by name, by type, and by the spelling of its references."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytorch_lightning.callbacks import EarlyStopping

from dsf.core.config import resolve_config
from dsf.core.errors import ConfigError

REFERENCE = {"class_path": "pytorch_lightning.callbacks.EarlyStopping", "init_args": {"monitor": 1}}


def problems_of(section: dict[str, Any]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        resolve_config({"trainer_config": section})
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("max_epochs", -1),
        ("max_epochs", None),
        ("max_steps", 100),
        ("fast_dev_run", True),
        ("fast_dev_run", 3),
        ("deterministic", "warn"),
        ("deterministic", False),
        ("limit_train_batches", 0.5),
        ("limit_train_batches", 10),
        ("overfit_batches", 0),
        ("accelerator", "auto"),
        ("devices", [0, 1]),
        ("devices", 2),
        ("precision", "bf16-mixed"),
        ("max_time", {"hours": 1}),
        ("max_time", timedelta(hours=1)),
        ("gradient_clip_val", 1),
        ("logger", False),
        ("logger", REFERENCE),
        ("logger", [REFERENCE]),
        ("callbacks", None),
        ("callbacks", [REFERENCE, "pytorch_lightning.callbacks:RichProgressBar"]),
        ("callbacks", [EarlyStopping("val_loss")]),
        ("callbacks", EarlyStopping("val_loss")),
        ("strategy", REFERENCE),
        ("default_root_dir", "x"),
    ],
)
def test_a_good_value_is_kept_as_it_is(key: str, value: Any) -> None:
    kept = resolve_config({"trainer_config": {key: value}})["trainer_config"][key]
    assert kept == value
    assert type(kept) is type(value) or key == "gradient_clip_val"


def test_only_what_is_given_and_three_defaults_are_there() -> None:
    section = resolve_config({"trainer_config": {"accelerator": None}})["trainer_config"]
    assert section == {
        "accelerator": None,
        "max_epochs": 1,
        "num_sanity_val_steps": 0,
        "log_every_n_steps": 20,
    }


def test_live_objects_keep_their_identity() -> None:
    live = EarlyStopping("val_loss")
    section = resolve_config({"trainer_config": {"callbacks": [live], "logger": live}})
    assert section["trainer_config"]["callbacks"][0] is live
    assert section["trainer_config"]["logger"] is live


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("max_epoch", 1, "is not a known key. Did you mean 'max_epochs'?"),
        ("max_epochs", -2, "or -1 for no limit, not -2"),
        ("max_epochs", 0, "must be at least 1, since a fit of 0 leaves no model, or -1 for no "
         "limit, not 0"),
        ("max_steps", 0, "must be at least 1, since a fit of 0 leaves no model, or -1 for no "
         "limit, not 0"),
        ("limit_train_batches", 0, "must be more than 0, since a fit without batches leaves no "
         "model, not 0"),
        ("limit_train_batches", 1.5, "must be a whole number of batches, or a share from 0.0 to "
         "1.0, not 1.5"),
        ("num_sanity_val_steps", -2, "must be at least -1, not -2"),
        ("max_epochs", "3", "must be a whole number, not '3'. Take it out of the quotes"),
        ("num_nodes", 0, "must be at least 1, not 0"),
        ("fast_dev_run", "x", "must be true or false or a whole number, not 'x'"),
        ("deterministic", "wrn", "must be true or false or 'warn', not 'wrn'. Did you mean "
         "'warn'?"),
        ("limit_val_batches", 1.5, "must be a whole number of batches, or a share from 0.0 to 1.0, "
         "not 1.5"),
        ("limit_val_batches", True, "must be a number of batches, or a share of them from 0.0 to "
         "1.0, not true"),
        ("limit_val_batches", -1, "must be a number of batches, or a share of them from 0.0 to "
         "1.0, not -1"),
        ("gradient_clip_algorithm", "l2", "must be one of 'norm' or 'value', not 'l2'"),
        ("callbacks", "m:C", "must be a list of references: [m:C], not the text 'm:C'"),
        ("callbacks", "x", "must be a list of references, not the text 'x'"),
        ("callbacks", 3, "must be a list of references, not 3"),
        ("callbacks", {"monitor": "x"}, "a reference has the keys module, func, args, kwargs, but "
         "'module' is missing"),
        ("logger", "tensorboard", "must be a list of references, not the text 'tensorboard'"),
        ("strategy", {"class_path": "DDP"}, "must be a dotted name such as 'pkg.module.Class', "
         "not 'DDP'"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told(key: str, value: Any, said: str) -> None:
    assert any(
        problem.startswith(f"trainer_config.{key}") and problem.endswith(said)
        for problem in problems_of({key: value})
    )


def test_each_item_of_a_list_is_told_with_its_index() -> None:
    callbacks = [REFERENCE, 3, {"module": "m", "func": "f", "kwarg": {}}, "torch.hub:load", None]
    assert [problem.split(": ")[0] for problem in problems_of({"callbacks": callbacks})] == [
        "trainer_config.callbacks.1",
        "trainer_config.callbacks.2.kwarg",
        "trainer_config.callbacks.3",
        "trainer_config.callbacks.4",
    ]
