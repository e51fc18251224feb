"""The listed config is a config, and each value that was set says where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dsf.cli.config_listing import list_config
from dsf.core.config import load_config
from dsf.core.yaml_text import parse_yaml

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
project: shop
model_config:
  learning_rate: 0.5
  note: "two # words, and: a colon"
dataset_config:
trainer_config:
  callbacks:
    - class_path: dsf.lightning.BestCheckpoint
      init_args: {monitor: val_loss}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def _line(text: str, key: str) -> str:
    (found,) = (line for line in text.splitlines() if line.strip().startswith(f"{key}:"))
    return found


def test_the_listing_reads_back_as_the_same_config(file: Path) -> None:
    config = load_config(file, overrides=["model_config.batch_size=8"], environ={})
    document = parse_yaml(list_config(config))
    assert document.faults == []
    assert document.data == config


def test_values_say_where_they_were_set(file: Path) -> None:
    environ = {"DSF__model_config__num_workers": "7"}
    config = load_config(file, overrides=["model_config.batch_size=8"], environ=environ)
    text = list_config(config)
    assert _line(text, "learning_rate").endswith("# config.yaml, line 4")
    assert _line(text, "monitor").endswith("# config.yaml, line 10")
    assert _line(text, "batch_size").endswith("# --set model_config.batch_size=8")
    assert "DSF__model_config__num_workers" in _line(text, "num_workers")


@pytest.mark.parametrize("key", ["num_workers", "train_ratio", "output", "eval_config"])
def test_defaults_say_nothing(file: Path, key: str) -> None:
    assert "#" not in _line(list_config(load_config(file, environ={})), key)


def test_the_layers_stand_on_top_from_weak_to_strong(file: Path) -> None:
    (file.parent / "config.big.yaml").write_text("project: big\n", encoding="utf-8")
    config = load_config(file, env="big", overrides=["task=words"], environ={})
    head = [line for line in list_config(config).splitlines() if line.startswith("# ")]
    assert head[1:] == [
        "# defaults",
        "# config.yaml",
        "# config.big.yaml (--env big)",
        "# --set task=words",
    ]
