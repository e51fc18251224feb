"""What the YAML says of the registered model, as the sections of a run have it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dsf.tasks.multilabel.from_yaml.translated_config import TranslatedConfig

__all__ = ["translate_registration"]

_PLACE = "trainer_config.mlflow_config"
_MODULE = "trainer_config.lightning_module_config"
_NETWORK = ".safetensors"


def translate_registration(made: TranslatedConfig, *, tracked: bool) -> None:
    """Take over the name of the model, what people read about it, and where its files go.

    Args:
        made: What is made of the YAML.
        tracked: Whether it names a logger of MLflow, which has the registry.
    """
    given = made.root["mlflow_config"]
    for name in ("artifact_folder", "tokenizer_path"):
        made.put(f"export_config.{name}", given[name], f"{_PLACE}.{name}")
    _place_network(made, given["model_path"])
    if not tracked:
        made.notes.append("mlflow_config: no model is registered, since loggers has none of MLflow")
        return
    name = made.module["model_name"]
    made.put("register_config.name", name, f"{_MODULE}.model_name")
    made.put("register_config.description", given["description"], f"{_PLACE}.description")
    made.put("register_config.tags", dict(given["tags"]), f"{_PLACE}.tags")


def _place_network(made: TranslatedConfig, path: str | None) -> None:
    if path is None:
        return
    network = str(PurePath(path).with_suffix(_NETWORK))
    made.put("export_config.model_path", network, f"{_PLACE}.model_path")
    if network != str(PurePath(path)):
        made.notes.append(f"mlflow_config.model_path: the network is written to {network}")
