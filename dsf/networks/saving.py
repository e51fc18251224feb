"""Networks on the disk, in the layout that transformers reads."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from safetensors.torch import load_file, save_file

from dsf.core.atomic import atomic_path, storage_errors, write_json
from dsf.core.errors import ConfigError, Problem
from dsf.networks.heads import MultiLabelClassifier, TextClassifier, TokenClassifier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from transformers import PreTrainedTokenizerBase

__all__ = ["load_network_weights", "save_network", "stored_names"]

_WEIGHTS = "model.safetensors"
# Families whose own head is the encoder's pooler and one linear layer.
_HEAD_ON_POOLER = frozenset({"albert", "bert"})
# Families whose own head begins with a layer that is a pooler in all but its name.
_POOLER_IN_HEAD = frozenset({"camembert", "roberta", "xlm-roberta"})


def save_network(
    network: TextClassifier | TokenClassifier,
    folder: Path,
    labels: Mapping[str, Sequence[str]],
    tokenizer: PreTrainedTokenizerBase,
) -> None:
    """Write a network's weights, its tokenizer and its config.

    The folder is an encoder for :func:`dsf.networks.find_source`.

    ``AutoModel`` loads the encoder from it. Where the family's own head is the same function,
    ``AutoModelForTokenClassification`` or ``AutoModelForSequenceClassification`` loads the whole:
    always when tagging; for texts, with one output and ``pooling="pooler"`` in the families of
    BERT, ALBERT and RoBERTa. ``architectures`` in its config says which one.

    Args:
        network: The network.
        folder: Where to write; made when absent.
        labels: Output → names of its labels, in order.
        tokenizer: The one that the network was fitted with.

    Raises:
        StorageError: If the disk does not let us write.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = network.state_dict()
    stored = {
        theirs: state[ours].detach().cpu().contiguous()
        for ours, theirs in stored_names(network).items()
    }
    with storage_errors(folder), atomic_path(folder / _WEIGHTS) as temporary:
        save_file(stored, temporary, metadata={"format": "pt"})
    with storage_errors(folder):
        tokenizer.save_pretrained(folder)
    # Last: without it, the folder is none of an encoder.
    write_json(folder / "config.json", _describe(network, labels))


def load_network_weights(network: TextClassifier | TokenClassifier, folder: Path) -> None:
    """Read into a network the weights that :func:`save_network` wrote of one like it.

    Args:
        network: Changed in place.
        folder: Where they were written.

    Raises:
        ConfigError: If weights are missing or of another shape; lists all of them.
    """
    stored = load_file(folder / _WEIGHTS)
    state = network.state_dict()
    problems, found = [], {}
    for ours, theirs in stored_names(network).items():
        if theirs not in stored:
            problems.append(Problem(theirs, "must be in the file, but is not"))
        elif stored[theirs].shape != state[ours].shape:
            shapes = f"{tuple(state[ours].shape)}, not {tuple(stored[theirs].shape)}"
            problems.append(Problem(theirs, f"must have the shape {shapes}"))
        else:
            found[ours] = stored[theirs]
    if problems:
        raise ConfigError(f"{folder / _WEIGHTS} does not fit the network.", problems[:20])
    network.load_state_dict(found, strict=False)


def _is_standard(network: TextClassifier | TokenClassifier) -> bool:
    """Whether transformers has a class that computes what the whole network does."""
    family = network.encoder.model.config.model_type
    if isinstance(network, TokenClassifier):
        return network.encoder.padded_because is None
    fits = family in _HEAD_ON_POOLER | _POOLER_IN_HEAD
    return fits and network.pooling == "pooler" and len(network.outputs) == 1


def stored_names(network: TextClassifier | TokenClassifier) -> dict[str, str]:
    """Give the name in the file of each weight of the network."""
    model = network.encoder.model
    is_standard = _is_standard(network)
    is_text = isinstance(network, TextClassifier)
    inner = is_standard and is_text and model.config.model_type in _POOLER_IN_HEAD
    head = "classifier.out_proj" if inner else "classifier"
    names = {}
    for name in network.state_dict():
        if name.startswith("encoder.model."):
            own = name.removeprefix("encoder.model.")
            prefixed = f"{model.base_model_prefix}.{own}"
            if inner and own.startswith("pooler."):
                prefixed = own.replace("pooler.", "classifier.", 1)
            elif is_standard and not is_text and own.startswith("pooler."):
                continue  # a tagger uses no pooler, and the family's own tagger has none
            names[name] = prefixed
        elif is_standard:
            names[name] = name.replace("heads.0", head, 1)
        else:
            names[name] = f"dsf_{name}"
    return names


def _describe(
    network: TextClassifier | TokenClassifier, labels: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Give the content of config.json."""
    model = network.encoder.model
    config = copy.deepcopy(model.config)
    config.architectures = [type(model).__name__]
    if _is_standard(network):
        begin = type(model).__name__.removesuffix("Model")
        config.architectures = [f"{begin}For{network.architecture}"]
        names = [str(name) for name in next(iter(labels.values()))]
        config.id2label = dict(enumerate(names))
        config.label2id = {name: number for number, name in enumerate(names)}
    if isinstance(network, MultiLabelClassifier):
        config.problem_type = "multi_label_classification"
    described: dict[str, Any] = config.to_dict()
    described["dsf_outputs"] = {name: list(one) for name, one in labels.items()}
    if isinstance(network, TextClassifier):
        described["dsf_pooling"] = network.pooling
    return described
