"""Weights in a file, by the names that a module of ours gives them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.core.errors import RunMismatchError
from dsf.lightning.checkpoint_io import read_checkpoint
from dsf.networks import TextClassifier, TokenClassifier
from dsf.networks.saving import stored_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor, nn

__all__ = ["StoredWeights", "read_weights"]

_NETWORK = "network."


@dataclass(frozen=True)
class StoredWeights:
    """What a file holds of a model.

    Attributes:
        tensors: Name in our module → weight. What the file has besides keeps the file's name.
        model_config: What the model was made with; ``None`` if the file does not say.
        label_names: As in ``model_config``; ``None`` if the file does not say.
    """

    tensors: Mapping[str, Tensor]
    model_config: Mapping[str, Any] | None = None
    label_names: Any = None


def read_weights(path: Path, module: nn.Module) -> StoredWeights:
    """Read a checkpoint, or a safetensors file as ``save_network`` or a bundle has it.

    Args:
        path: The file.
        module: The module that is to have the weights; it is not changed.

    Raises:
        RunNotFoundError: If there is no such file.
        RunMismatchError: If it is none that can be read, or was damaged.
    """
    if path.suffix == ".safetensors":
        return _read_safetensors(path, module)
    checkpoint = read_checkpoint(path)
    described = checkpoint.get("hyper_parameters", {}).get("model_config")
    model_config = described if isinstance(described, dict) else None
    names = None if model_config is None else model_config.get("label_names")
    return StoredWeights(checkpoint["state_dict"], model_config, names)


def _read_safetensors(path: Path, module: nn.Module) -> StoredWeights:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        stored = load_file(path)
    except SafetensorError as error:
        raise RunMismatchError(
            f"{path}: must be a whole file of weights, but cannot be used: {error}. Name another "
            "one, or save the model again."
        ) from error
    ours = {theirs: name for name, theirs in _names_in_file(module, stored).items()}
    tensors = {ours.get(name, name): weight for name, weight in stored.items()}
    config = path.with_name("config.json")
    described = json.loads(config.read_text(encoding="utf-8")) if config.is_file() else {}
    return StoredWeights(tensors, None, described.get("dsf_outputs"))


def _names_in_file(module: nn.Module, stored: Mapping[str, Tensor]) -> dict[str, str]:
    """Give the name in the file of each weight of a module that is there."""
    network = getattr(module, "network", None)
    names = {name: name for name in module.state_dict()}
    if isinstance(network, TextClassifier | TokenClassifier):
        theirs = {f"{_NETWORK}{name}": known for name, known in stored_names(network).items()}
        if set(theirs.values()) & set(stored):
            names |= theirs
    return {
        name: known
        for name, wanted in names.items()
        # A network that was saved by itself has no module around it.
        for known in (wanted, wanted.removeprefix(_NETWORK))
        if known in stored
    }
