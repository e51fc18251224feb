"""Lower layers that learn more slowly, or not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem

if TYPE_CHECKING:
    from torch import nn

__all__ = ["count_layers", "freeze_layers", "group_by_layer"]

# "encoder.layer.3." in most families, "layers.3." in newer ones; ALBERT shares its layers.
_LAYER = re.compile(r"(?:^|\.)(?:layers?|albert_layer_groups)\.(\d+)\.")


def count_layers(network: nn.Module) -> int:
    """Count the layers between the embeddings and the heads; shared layers are one."""
    found = [match for name, _ in network.named_parameters() if (match := _LAYER.search(name))]
    return 1 + max((int(match[1]) for match in found), default=-1)


def group_by_layer(
    network: nn.Module, *, learning_rate: float, layer_decay: float, weight_decay: float = 0.0
) -> list[dict[str, Any]]:
    """Part the weights into an optimizer's groups, each layer slower than the one above it.

    The heads and a pooler learn at the full rate, the top layer at ``layer_decay`` times that, and
    so on down to the embeddings. Biases and norms do not decay.

    Args:
        network: Its weights that require a gradient are grouped.
        learning_rate: That of the heads.
        layer_decay: Factor from a layer to the one below it, above 0 to 1.
        weight_decay: That of weights with more than one dimension.

    Returns:
        Groups for an optimizer, embeddings first.

    Raises:
        ConfigError: If the factor is not above 0 and at most 1.

    Source: discriminative fine-tuning, Howard & Ruder 2018, section 3.2,
    https://arxiv.org/abs/1801.06146.
    """
    if not 0 < layer_decay <= 1:
        raise _error("layer_decay", f"must be above 0 and at most 1, not {layer_decay}")
    layers = count_layers(network)
    groups: dict[tuple[int, bool], list[Any]] = {}
    for name, weight in network.named_parameters():
        if weight.requires_grad:
            key = (_depth(name, layers), weight.ndim > 1)
            groups.setdefault(key, []).append(weight)
    return [
        {
            "params": groups[depth, decays],
            "lr": learning_rate * layer_decay ** (layers + 1 - depth),
            "weight_decay": weight_decay if decays else 0.0,
        }
        for depth, decays in sorted(groups)
    ]


def freeze_layers(network: nn.Module, layers: int) -> None:
    """Keep the embeddings and the lowest layers as they are.

    Args:
        network: Changed in place; layers above begin to learn again if they were frozen.
        layers: How many; 0 freezes the embeddings only.

    Raises:
        ConfigError: If there are not as many layers.
    """
    there = count_layers(network)
    if not 0 <= layers <= there:
        raise _error("freeze_layers", f"must be from 0 to the encoder's {there}, not {layers}")
    for name, weight in network.named_parameters():
        weight.requires_grad_(_depth(name, there) > layers)


def _depth(name: str, layers: int) -> int:
    """Give 0 for the embeddings, 1 and up for the layers, one above them for the rest."""
    match = _LAYER.search(name)
    if match is not None:
        return 1 + int(match[1])
    return 0 if "embedding" in name else layers + 1


def _error(key: str, message: str) -> ConfigError:
    return ConfigError("The layers cannot be set.", [Problem(key, message)])
