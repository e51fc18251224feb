"""A fitted network that reads texts becomes a bundle: all it takes to answer, and nothing else."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from dsf.core.atomic import storage_errors
from dsf.core.bundle import CONFIG_FILE, TOKENIZER_FOLDER, WEIGHTS_FILE, BundleInputs
from dsf.core.errors import NotExportableError, Problem
from dsf.data import hash_texts
from dsf.lightning.bundle_writing import (
    HEADLINE,
    find_own_ways,
    name_labels,
    settle,
    take_weights,
    write_fitted,
)
from dsf.networks import TextClassifier, TokenClassifier, load_tokenizer, save_network

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from torch import nn

    from dsf.base.export_request import ExportRequest
    from dsf.core.bundle import Bundle, BundleLabels
    from dsf.lightning.module import PlModel

__all__ = ["export_bundle"]

_TAGS_TEXT = "text"  # tagged rows have their text there, whatever its column was called


def export_bundle(model: PlModel | nn.Module, request: ExportRequest) -> Bundle:
    """Write a fitted model that reads texts as a bundle, whole or not at all.

    Args:
        model: A module with a text network of :mod:`dsf.networks`, or that network; has the weights
            of the checkpoint afterwards.
        request: Where it goes, and what is known of it. The tokenizer is that of
            ``model_config.tokenizer``, else that of ``model_config.encoder``.

    Returns:
        The bundle, opened and verified.

    Raises:
        NotExportableError: If the network is none of dsf's, turns scores into answers in a way of
            its own, or has not these labels; lists what is wrong.
        BundleError: If no thresholds are known, or the folder holds something else.
        StorageError: If the disk does not let us write.
    """
    network: Any = getattr(model, "network", model)
    objective: Any = getattr(model, "objective", None)
    model_config, dataset_config = request.model_config, request.config["dataset_config"]
    labels = name_labels(
        getattr(network, "outputs", ()), model_config["label_names"], dataset_config
    )
    _check(network, objective, labels)
    if request.model_path is not None:
        take_weights(model, network, request.model_path)
    settled = settle(request, objective, labels)
    tokenizer = load_tokenizer(model_config.get("tokenizer") or model_config["encoder"])
    inputs = _inputs(model_config, dataset_config, labels.kind)

    def fill(work: Path) -> np.ndarray | None:
        save_network(network, work, labels.outputs, tokenizer)
        _move_tokenizer(work)
        learned = request.learned
        if learned is None or inputs.text_column not in learned:
            return None
        return hash_texts(learned[inputs.text_column])

    return write_fitted(request, labels, inputs, settled, fill)


def _check(network: Any, objective: Any, labels: BundleLabels) -> None:
    """Refuse what a bundle would answer otherwise than the model does."""
    if not isinstance(network, TextClassifier | TokenClassifier):
        message = (
            "must be a TextClassifier or TokenClassifier of dsf.networks, but is a "
            f"{type(network).__name__}. For a network of your own that reads numbers, write "
            "export_bundle in your Model class: return "
            "dsf.lightning.export_tabular_bundle(self.model, request, features)."
        )
        raise NotExportableError(HEADLINE, [Problem("network", message)])
    problems = []
    sizes = {output: len(names) for output, names in labels.outputs.items()}
    if sizes != network.outputs:
        message = f"must have as many labels as the network's outputs {network.outputs}"
        problems.append(Problem("model_config.label_names", f"{message}, but has {sizes}."))
    problems += find_own_ways(objective)
    if problems:
        raise NotExportableError(HEADLINE, problems)


def _inputs(
    model_config: Mapping[str, Any], dataset_config: Mapping[str, Any], kind: str
) -> BundleInputs:
    tagged = kind == "tags"
    return BundleInputs(
        text_column=_TAGS_TEXT if tagged else str(dataset_config["text_column"]),
        max_length=model_config["max_length"],
        window_stride=model_config["window_stride"] if tagged else 0,
        batch_size=model_config.get("batch_size"),
        max_tokens=model_config.get("max_tokens"),
    )


def _move_tokenizer(work: Path) -> None:
    """Part the tokenizer from the network; a config beside it makes it whole by itself."""
    tokenizer = work / TOKENIZER_FOLDER
    with storage_errors(tokenizer):
        others = [path for path in work.iterdir() if path.name not in (WEIGHTS_FILE, CONFIG_FILE)]
        tokenizer.mkdir()
        for path in others:
            path.rename(tokenizer / path.name)
        shutil.copyfile(work / CONFIG_FILE, tokenizer / CONFIG_FILE)
