"""The encoder of a text task, and the settings that its family is usually fine-tuned with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.networks import (
    TextEncoder,
    find_recipe,
    freeze_layers,
    load_encoder,
    load_tokenizer,
    read_family,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import nn

    from dsf.networks import Recipe

__all__ = ["complete_config", "freeze", "make_encoder", "make_tokenizer"]


def complete_config(model_config: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in from the recipe what the config leaves open.

    Args:
        model_config: Section of the config; stays as it is.

    Raises:
        ConfigError: If there is no recipe for the encoder's family, or the encoder is not found.
    """
    config = dict(model_config)
    if config.get("recipe") is None:
        return config
    recipe = _recipe(config)
    values = {
        "learning_rate": recipe.learning_rate,
        "weight_decay": recipe.weight_decay,
        "betas": list(recipe.betas),
        "epsilon": recipe.epsilon,
        "max_grad_norm": recipe.max_grad_norm or 0.0,
        "warmup_share": recipe.warmup_share,
        "dropout": recipe.dropout,
    }
    return config | {key: value for key, value in values.items() if config.get(key) is None}


def make_encoder(model_config: Mapping[str, Any]) -> TextEncoder:
    """Load the encoder, ready to be trained on batches without padding.

    Args:
        model_config: What :func:`complete_config` gave.

    Raises:
        ConfigError: If it cannot be loaded, or reads only shorter texts than ``max_length``.
    """
    encoder = TextEncoder(load_encoder(model_config["encoder"], dropout=model_config["dropout"]))
    _check_length(encoder, model_config["max_length"])
    return encoder


def make_tokenizer(model_config: Mapping[str, Any]) -> Any:
    """Load the tokenizer that belongs to the encoder."""
    return load_tokenizer(model_config["encoder"])


def freeze(network: nn.Module, model_config: Mapping[str, Any]) -> None:
    """Keep the lowest layers as they are, if the config says so."""
    if model_config.get("freeze_layers") is not None:
        freeze_layers(network, model_config["freeze_layers"])


def _recipe(config: Mapping[str, Any]) -> Recipe:
    if config["recipe"] != "auto":
        return find_recipe(config["recipe"])
    return find_recipe(read_family(config["encoder"]))


def _check_length(encoder: TextEncoder, max_length: int) -> None:
    if encoder.max_length is not None and max_length > encoder.max_length:
        message = f"must be at most {encoder.max_length}, what the encoder reads, not {max_length}."
        raise ConfigError(
            "The texts do not fit the encoder.", [Problem("model_config.max_length", message)]
        )
