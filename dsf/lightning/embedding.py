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

__all__ = ["follow_embedding", "reduce_to_data"]

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
    encoder = getattr(network, "encoder", None)
    module = getattr(trainer, "datamodule", None)
    parts = [getattr(module, part, None) for part in ("train", "validation")]
    if encoder is None or parts[0] is None or not _is_exact(model_config):
        return
    table = encoder.model.get_input_embeddings()
    if isinstance(table, ReducedEmbedding) or not table.weight.requires_grad:
        return
    tokens = [np.unique(part.encoded.ids) for part in parts if part is not None]
    padding = [] if table.padding_idx is None else [table.padding_idx]
    kept = np.union1d(np.concatenate(tokens), np.array(padding, dtype=np.int64))
    reduce_embedding(encoder.model, torch.from_numpy(kept.astype(np.int64)))
    _LOG.debug("%d of %d word embeddings occur in the data", len(kept), len(table.weight))


def follow_embedding(network: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Let an embedding that was reduced do to its other rows what the optimizer would have."""
    encoder: Any = getattr(network, "encoder", None)
    table = None if encoder is None else encoder.model.get_input_embeddings()
    if isinstance(table, ReducedEmbedding):
        table.follow(optimizer)


def _is_exact(model_config: Mapping[str, Any]) -> bool:
    choice = model_config["optimizer"]
    return choice == "AdamW" or (choice == "Adam" and not model_config["weight_decay"])
