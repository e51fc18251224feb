"""Word embeddings that do not occur in the data are left out of every step."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from dsf.networks import ReducedEmbedding, reduce_embedding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import nn

__all__ = ["embedding_state", "expect_embedding", "follow_embedding", "reduce_to_data"]

_LOG = logging.getLogger("dsf")


def reduce_to_data(network: nn.Module, trainer: Any, model_config: Mapping[str, Any]) -> None:
    """Let a network train only the word embeddings of the rows that the trainer was given.

    The result is that of training the whole table; see :class:`dsf.networks.ReducedEmbedding`.
    Nothing is done where that is not known of the optimizer, or nothing would be gained.

    Args:
        network: With an encoder; any other stays as it is.
        trainer: Its data module has ``train`` and ``validation``, of
            :class:`dsf.lightning.TokenRows`.
        model_config: Section of the config.
    """
    table = _find_table(network)
    module = getattr(trainer, "datamodule", None)
    parts = [getattr(module, part, None) for part in ("train", "validation")]
    if table is None or parts[0] is None or not _is_exact(model_config):
        return
    if isinstance(table, ReducedEmbedding) or not table.weight.requires_grad:
        return
    tokens = [np.unique(part.encoded.ids) for part in parts if part is not None]
    padding = [] if table.padding_idx is None else [table.padding_idx]
    kept = np.union1d(np.concatenate(tokens), np.array(padding, dtype=np.int64))
    encoder: Any = network.encoder
    reduce_embedding(encoder.model, torch.from_numpy(kept.astype(np.int64)))
    _LOG.debug("%d of %d word embeddings occur in the data", len(kept), len(table.weight))


def follow_embedding(network: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Let an embedding that was reduced do to its other rows what the optimizer would have."""
    table = _reduced(network)
    if table is not None:
        table.follow(optimizer)


def embedding_state(network: nn.Module) -> float | None:
    """Give how much is left of the rows of a reduced embedding that are not trained."""
    table = _reduced(network)
    return None if table is None else table.shrunk


def expect_embedding(network: nn.Module, state: float | None) -> None:
    """Say what :func:`embedding_state` gave, before the weights of that checkpoint are read."""
    table = _reduced(network)
    if table is not None and state is not None:
        table.expect(state)


def _reduced(network: nn.Module) -> ReducedEmbedding | None:
    table = _find_table(network)
    return table if isinstance(table, ReducedEmbedding) else None


def _find_table(network: nn.Module) -> Any:
    """Find the word embeddings; a network of one's own may have an encoder of another kind."""
    model: Any = getattr(getattr(network, "encoder", None), "model", None)
    return model.get_input_embeddings() if hasattr(model, "get_input_embeddings") else None


def _is_exact(model_config: Mapping[str, Any]) -> bool:
    choice = model_config["optimizer"]
    return choice == "AdamW" or (choice == "Adam" and not model_config["weight_decay"])
