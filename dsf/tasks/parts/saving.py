"""A fitted network, whole on the disk: for transformers, or for another fit to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.core.ranks import process_rank
from dsf.networks import TextClassifier, TokenClassifier, save_network
from dsf.tasks.parts.encoder import make_tokenizer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dsf.lightning import PlModel

__all__ = ["save_model"]


def save_model(
    model: PlModel, model_path: Path | str | None, model_config: Mapping[str, Any], folder: Path
) -> None:
    """Write a network as a checkpoint has it, with its tokenizer, as transformers loads it.

    Args:
        model: What was fitted; has the weights of the checkpoint afterwards.
        model_path: The checkpoint; ``None``: the model is saved as it is.
        model_config: Section of the config.
        folder: Where to write; made when absent.

    Raises:
        ConfigError: If the network is not one of dsf's.
        StorageError: If the disk does not let us write.
    """
    if process_rank() != 0:  # one writes for all
        return
    network: Any = model.network
    if not isinstance(network, TextClassifier | TokenClassifier):
        message = (
            "must be false, or the network a TextClassifier or TokenClassifier of dsf.networks, "
            f"but it is a {type(network).__name__}. Write save_last_model in trainer/train.py for "
            "a network of your own"
        )
        problem = Problem("model_config.save_last_model", message)
        raise ConfigError("The model cannot be saved.", [problem])
    if model_path is not None:
        model.load_weights(model_path)
    labels = _labels_of(network, model_config["label_names"])
    save_network(network, folder, labels, make_tokenizer(model_config))


def _labels_of(
    network: TextClassifier | TokenClassifier, names: Any
) -> Mapping[str, Sequence[Any]]:
    """Give labels by output; a list of them belongs to the only one."""
    return names if isinstance(names, dict) else dict.fromkeys(network.outputs, names)
