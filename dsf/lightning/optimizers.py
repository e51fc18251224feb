"""Optimizers by name, with weight decay only where it belongs."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from dsf.core.errors import ConfigError, Problem
from dsf.core.references import is_reference, resolve
from dsf.core.suggestions import did_you_mean
from dsf.networks import group_by_layer

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OPTIMIZERS", "build_optimizer", "group_parameters"]

OPTIMIZERS: dict[str, Any] = {
    "ASGD": torch.optim.ASGD,
    "Adadelta": torch.optim.Adadelta,
    "Adagrad": torch.optim.Adagrad,
    "Adam": torch.optim.Adam,
    "AdamW": torch.optim.AdamW,
    "Adamax": torch.optim.Adamax,
    "LBFGS": torch.optim.LBFGS,
    "NAdam": torch.optim.NAdam,
    "RAdam": torch.optim.RAdam,
    "RMSprop": torch.optim.RMSprop,
    "Rprop": torch.optim.Rprop,
    "SGD": torch.optim.SGD,
    "SparseAdam": torch.optim.SparseAdam,
}

_WITHOUT_DECAY = {"LBFGS", "Rprop", "SparseAdam"}
_FUSED = {"Adagrad", "Adam", "AdamW", "SGD"}


def build_optimizer(
    module: nn.Module, model_config: Mapping[str, Any], *, fused: bool = True
) -> torch.optim.Optimizer:
    """Make the optimizer that the config asks for.

    Args:
        module: Its parameters that require a gradient are optimized.
        model_config: ``optimizer`` (a name in :data:`OPTIMIZERS` or a reference that takes
            ``params``), ``learning_rate``, ``weight_decay``; and, where given, ``betas`` and
            ``epsilon``, and ``layer_decay``: see :func:`dsf.networks.group_by_layer`.
        fused: Whether the faster form may be taken, which does all of a step at once.

    Raises:
        ConfigError: If there is no optimizer of that name, or it cannot use a weight decay.
    """
    choice = model_config["optimizer"]
    rate, decay = model_config["learning_rate"], model_config["weight_decay"]
    if is_reference(choice):
        made: Any = resolve(choice, where="model_config.optimizer")
        optimizer: torch.optim.Optimizer = made(params=_groups(module, model_config), lr=rate)
        return optimizer
    if choice not in OPTIMIZERS:
        hint = did_you_mean(str(choice), OPTIMIZERS)
        known = ", ".join(OPTIMIZERS)
        raise _config_error("optimizer", f"must be one of {known}, not {choice!r}.{hint}")
    if choice in _WITHOUT_DECAY and decay:
        raise _config_error("weight_decay", f"must be 0 with {choice}, not {decay}: it has none.")
    parameters: Any = _groups(module, model_config)
    if choice in _WITHOUT_DECAY:
        parameters = [one for one in module.parameters() if one.requires_grad]
    options = _options(choice, model_config)
    if fused and choice in _FUSED:
        options["fused"] = True
    chosen: torch.optim.Optimizer = OPTIMIZERS[choice](parameters, lr=rate, **options)
    return chosen


def group_parameters(module: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Part parameters into those that decay and those that must not: biases and norms.

    A bias and the weights of a normalisation have one dimension; all weights that mix features
    have more.

    Source: Loshchilov & Hutter 2019, https://arxiv.org/abs/1711.05101; the exemption of biases and
    norms as in the code of Devlin et al. 2018, https://arxiv.org/abs/1810.04805.
    """
    trainable = [parameter for parameter in module.parameters() if parameter.requires_grad]
    groups = [
        {"params": [one for one in trainable if one.ndim > 1], "weight_decay": weight_decay},
        {"params": [one for one in trainable if one.ndim <= 1], "weight_decay": 0.0},
    ]
    return [group for group in groups if group["params"]]


def _groups(module: nn.Module, model_config: Mapping[str, Any]) -> list[dict[str, Any]]:
    rate, decay = model_config["learning_rate"], model_config["weight_decay"]
    slower = model_config.get("layer_decay")
    if slower is None or slower == 1:
        return group_parameters(module, decay)
    return group_by_layer(module, learning_rate=rate, layer_decay=slower, weight_decay=decay)


def _options(choice: str, model_config: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the optimizer is told besides; of those that it does not know, nothing."""
    options: dict[str, Any] = {}
    known = inspect.signature(OPTIMIZERS[choice]).parameters
    for key, argument in (("betas", "betas"), ("epsilon", "eps")):
        value = model_config.get(key)
        if value is not None and argument in known:
            options[argument] = tuple(value) if key == "betas" else value
    return options


def _config_error(key: str, message: str) -> ConfigError:
    problem = Problem(f"model_config.{key}", message)
    return ConfigError("The optimizer cannot be made.", [problem])
