"""The network of a run that began with a YAML: an encoder with a head, or one's own."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from torch import nn

from dsf.core.errors import ConfigError, Problem
from dsf.networks import MultiLabelClassifier, TextEncoder, load_tokenizer
from dsf.tasks.multilabel.from_yaml.encoder_options import remake_encoder
from dsf.tasks.multilabel.from_yaml.hooks import Hook
from dsf.tasks.multilabel.from_yaml.padded_network import fit_inputs
from dsf.tasks.multilabel.from_yaml.vocabulary import explain_vocabulary
from dsf.tasks.parts.encoder import make_encoder

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["make_network"]

log = logging.getLogger("dsf")


def make_network(model_config: Mapping[str, Any]) -> nn.Module:
    """Make the network that the config asks for.

    Args:
        model_config: Section of the config.

    Returns:
        A network of ``input_ids`` and ``lengths``; see :class:`dsf.networks.TextEncoder`.

    Raises:
        ConfigError: If the encoder cannot be loaded, or is not of the size that the config says.
        HookResultError: If one's own is no network.
    """
    reference = model_config["hooks"].get("model")
    if reference is None:
        return _with_head(model_config)
    hook = Hook(reference, "model_config.hooks.model")
    network = hook()
    if not isinstance(network, nn.Module):
        raise hook.wrong(f"must give a torch.nn.Module, but gave {network!r}")
    tokenizer = load_tokenizer(model_config["tokenizer"])
    padding: Any = tokenizer.pad_token_id or 0
    return fit_inputs(network, model_config["output_keys"], padding)


def _with_head(model_config: Mapping[str, Any]) -> MultiLabelClassifier:
    # The head's dropout is the one that is asked for; within the encoder it stays as it is there.
    encoder = make_encoder({**model_config, "dropout": None})
    if model_config["encoder_options"]:
        encoder = TextEncoder(remake_encoder(encoder.model, model_config["encoder_options"]))
    _check_fit(encoder, model_config)
    pooling = model_config["pooling"]
    if pooling == "pooler" and getattr(encoder.model, "pooler", None) is None:
        log.info("%-8s the encoder has no pooler: the vector of the first token is used", "fit")
        pooling = "cls"
    labels, dropout = len(model_config["label_names"]), model_config["dropout"] or 0.0
    return MultiLabelClassifier(encoder, labels, pooling=pooling, dropout=dropout)


def _check_fit(encoder: TextEncoder, model_config: Mapping[str, Any]) -> None:
    """Refuse a size, or a tokenizer, that is not of the encoder: one that was fetched, say."""
    name, problems = model_config["encoder"], []
    wanted, found = model_config.get("hidden_size"), encoder.hidden_size
    if wanted is not None and wanted != found:
        message = f"must be {found}, that of the encoder {name!r}, not {wanted}"
        problems.append(Problem("model_config.hidden_size", message))
    table: Any = encoder.model.get_input_embeddings()
    fault = explain_vocabulary(model_config["tokenizer"], name, table.num_embeddings)
    if fault:
        problems.append(Problem("model_config.tokenizer", fault))
    if problems:
        raise ConfigError("The network cannot be made.", problems)
