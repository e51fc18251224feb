"""A config is recorded, hashed and read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pytorch_lightning.callbacks import EarlyStopping

from dsf.core.config import (
    diff_configs,
    dump_config,
    dump_sections,
    freeze_config,
    hash_config,
    load_config,
    read_frozen_config,
    resolve_config,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=10) | st.sampled_from(
    ["${env:HOME}", "$${env:X}", "on", "1e-3", "a: b", "null"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXT | st.integers(), inner, max_size=3)
    ),
    max_leaves=10,
)
OWN = st.dictionaries(TEXT.map(lambda text: f"own_{text}"), VALUES, max_size=4)
CONFIGS = st.fixed_dictionaries(
    {},
    optional={
        "project": TEXT,
        "model_config": OWN,
        "eval_config": OWN,
        "metrics": st.dictionaries(st.sampled_from(["f1", "recall"]), st.booleans()),
        "dataset_config": st.fixed_dictionaries({"dataset_path": st.none() | st.just(Path("a/b"))}),
        "trainer_config": st.fixed_dictionaries({"max_epochs": st.integers(1, 9)}),
    },
)


def shuffled(value: Any, random: Any) -> Any:
    if isinstance(value, dict):
        items = list(value.items())
        random.shuffle(items)
        return {key: shuffled(item, random) for key, item in items}
    return [shuffled(item, random) for item in value] if isinstance(value, list) else value


@given(CONFIGS, st.randoms(use_true_random=False))
def test_the_hash_does_not_know_the_order_of_keys(mapping: Any, random: Any) -> None:
    config = resolve_config(mapping)
    assert hash_config(shuffled(dict(config), random)) == hash_config(config)


@given(CONFIGS)
def test_what_is_dumped_is_loaded_back(tmp_path_factory: Any, mapping: Any) -> None:
    config = resolve_config(mapping)
    path = tmp_path_factory.mktemp("run") / "config.yaml"
    path.write_text(dump_config(config), encoding="utf-8", newline="")
    loaded = load_config(path, environ={})
    assert diff_configs(freeze_config(config), freeze_config(loaded)) == []
    assert hash_config(loaded) == hash_config(config)
    assert dump_config(loaded) == dump_config(config)
    assert diff_configs(read_frozen_config(path), freeze_config(config)) == []


def test_sections_of_another_config_replace_what_was_dumped(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    own = {"model_config": {"own": "${env:NO}", "seed": 1}, "metrics": {"f1": False}}
    path.write_text(dump_config(resolve_config(own)), encoding="utf-8")
    new = resolve_config({"model_config": {"seed": 2, "other": 3}, "project": "x"})
    path.write_text(dump_sections(path, new, ["model_config.seed", "model_config.own", "metrics"]))
    now = read_frozen_config(path)
    assert now["model_config"]["seed"] == 2
    assert "own" not in now["model_config"]
    assert "other" not in now["model_config"]
    assert now["metrics"]["f1"] is True
    assert now["project"] == ""
    path.write_text(dump_sections(path, resolve_config(own), ["model_config.own", "gone.deeper"]))
    assert read_frozen_config(path)["model_config"]["own"] == "${env:NO}"


@given(CONFIGS)
def test_what_is_frozen_is_plain_and_freezing_it_again_changes_nothing(mapping: Any) -> None:
    frozen = freeze_config(resolve_config(mapping))
    json.dumps(frozen)
    assert repr(freeze_config(frozen)) == repr(frozen)
    assert hash_config(frozen) == hash_config(resolve_config(mapping))


def test_another_value_is_another_hash() -> None:
    hashes = {
        hash_config(resolve_config({"model_config": {"own": value}}))
        for value in (1, 1.0, True, "1", None, [1], {"1": 1}, "true")
    }
    assert len(hashes) == 8
    assert all(len(text) == 64 for text in hashes)


def test_paths_can_be_left_out_of_a_hash() -> None:
    one = {"a": {"b": 1, "c": 2}, "d": {"e": 3}}
    two = {"a": {"b": 9, "c": 2}, "d": {"e": 9}}
    assert hash_config(one) != hash_config(two)
    ignore = ("a.b", "d", "not.there", "a.c.deeper")
    assert hash_config(one, ignore=ignore) == hash_config(two, ignore=ignore)
    assert one["a"] == {"b": 1, "c": 2}


def test_whole_numbers_and_text_can_be_keys_together() -> None:
    assert hash_config({"a": {0: 1, "b": 2}}) == hash_config({"a": {"b": 2, 0: 1}})


def test_secrets_stay_in_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("model_config:\n  url: $${env:X}//${env:KEY}@host\n  sizes: ['${env:N}']\n"
                    "  num_workers: ${env:N}\n  model_name: ${env:KEY}\n")  # fmt: skip
    config = load_config(path, environ={"KEY": "hunter2", "N": "3"})
    section = config["model_config"]
    assert (section["url"], section["sizes"]) == ("${env:X}//hunter2@host", ["3"])
    assert (section["num_workers"], section["model_name"]) == (3, "hunter2")
    frozen = freeze_config(config)["model_config"]
    assert frozen["url"] == "$${env:X}//${env:KEY}@host"
    assert (frozen["sizes"], frozen["num_workers"]) == (["${env:N}"], 3)
    assert "hunter2" not in dump_config(config) + json.dumps(frozen)
    assert freeze_config(section) == frozen
    path.write_text(dump_config(config))
    assert diff_configs(read_frozen_config(path), freeze_config(config)) == []
    assert load_config(path, environ={"KEY": "hunter2", "N": "3"}) == config
    assert hash_config(load_config(path, environ={"KEY": "other", "N": "3"})) == hash_config(config)


def test_live_objects_come_back_as_references(tmp_path: Path) -> None:
    live = EarlyStopping("val_loss", patience=7)
    config = resolve_config({"trainer_config": {"callbacks": [live]}})
    path = tmp_path / "config.yaml"
    path.write_text(dump_config(config))
    (callback,) = load_config(path, environ={})["trainer_config"]["callbacks"]
    assert callback["class_path"] == ("pytorch_lightning.callbacks.early_stopping.EarlyStopping")
    assert callback["init_args"]["patience"] == 7
    assert hash_config(load_config(path, environ={})) == hash_config(config)
