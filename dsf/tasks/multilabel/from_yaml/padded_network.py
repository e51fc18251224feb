"""A network of one's own that takes rows of one length."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from dsf.networks.layout import TokenLayout

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PaddedNetwork", "fit_inputs"]


class PaddedNetwork(nn.Module):
    """Pads a batch to its longest row, and hands it on by name.

    Args:
        network: Takes the keys as arguments, gives scores, of Shape: ``(rows, labels)``.
        keys: Of ``input_ids``, ``attention_mask``, ``token_type_ids``; each of Shape:
            ``(rows, longest)``.
        padding: Token that stands where there is none.
    """

    def __init__(self, network: nn.Module, keys: Sequence[str], padding: int = 0) -> None:
        super().__init__()
        self.network = network
        self.keys = tuple(keys)
        self.padding = padding

    def forward(self, input_ids: Tensor, lengths: Tensor) -> Tensor:
        """Give the scores of the labels.

        Args:
            input_ids: Shape: ``(tokens,)``.
            lengths: Shape: ``(rows,)``.
        """
        layout = TokenLayout.of(lengths, len(input_ids))
        padded = layout.pad(input_ids, fill=self.padding)
        inputs: dict[str, Any] = {
            "input_ids": padded,
            "attention_mask": layout.pad(torch.ones_like(input_ids)),
            "token_type_ids": torch.zeros_like(padded),
        }
        scores: Tensor = self.network(**{key: inputs[key] for key in self.keys})
        return scores


def fit_inputs(network: nn.Module, keys: Sequence[str], padding: int = 0) -> nn.Module:
    """Give a network that takes batches without padding: itself, if it has an input ``lengths``."""
    if "lengths" in inspect.signature(network.forward).parameters:
        return network
    return PaddedNetwork(network, keys, padding)
