"""How rows of different lengths lie one after another in one flat row of tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import torch
from torch import Tensor

from dsf.networks.attention_groups import AttentionGroups

__all__ = ["TokenLayout"]


@dataclass(frozen=True)
class TokenLayout:
    """The places of a batch's tokens, flat and padded.

    Attributes:
        rows: How many rows there are.
        longest: Length of the longest row, in tokens.
        lengths: Length of each row, in tokens. Shape: ``(rows,)``.
        starts: Where each row begins in the flat form. Shape: ``(rows,)``.
        positions: Place of each token in its row, from 0. Shape: ``(tokens,)``.
        index: Place of each token in the padded form, flattened. Shape: ``(tokens,)``.
        mask: Where the padded form has a token; ``None`` if everywhere. Shape:
            ``(rows, longest)``.
    """

    rows: int
    longest: int
    lengths: Tensor
    starts: Tensor
    positions: Tensor
    index: Tensor
    mask: Tensor | None
    _groups: dict[int, AttentionGroups] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, lengths: Tensor, tokens: int) -> Self:
        """Lay rows out.

        Args:
            lengths: Length of each row. Shape: ``(rows,)``.
            tokens: How many tokens the batch has.

        Raises:
            ValueError: If a row is empty, or the lengths do not sum to the tokens.
        """
        sizes = lengths.tolist()  # the only wait for the device
        if not sizes or min(sizes) < 1 or sum(sizes) != tokens:
            raise ValueError(
                "each row needs 1 token or more, and the lengths must sum to the tokens, but got "
                f"{tokens} tokens and lengths from {min(sizes, default=0)} to "
                f"{max(sizes, default=0)} that sum to {sum(sizes)}"
            )
        rows, longest = len(sizes), max(sizes)
        numbers = torch.arange(rows, device=lengths.device)
        row_of = numbers.repeat_interleave(lengths, output_size=tokens)
        starts = lengths.cumsum(0) - lengths
        positions = torch.arange(tokens, device=lengths.device) - starts[row_of]
        mask = None
        if min(sizes) < longest:
            mask = torch.arange(longest, device=lengths.device) < lengths[:, None]
        index = row_of * longest + positions
        return cls(rows, longest, lengths, starts, positions, index, mask)

    def groups(self, heads: int) -> AttentionGroups:
        """Put the rows into groups for attention; all layers of a batch share them.

        Args:
            heads: How many heads attend.
        """
        if heads not in self._groups:
            self._groups[heads] = AttentionGroups.of(self.lengths.cpu().numpy(), heads)
        return self._groups[heads]

    def pad(self, flat: Tensor, fill: float = 0) -> Tensor:
        """Put tokens into rows of one length.

        Args:
            flat: Shape: ``(tokens, …)``.
            fill: What stands where there is no token.

        Returns:
            Shape: ``(rows, longest, …)``.
        """
        shape = flat.shape[1:]
        if self.mask is None:
            return flat.reshape(self.rows, self.longest, *shape)
        padded = flat.new_full((self.rows * self.longest, *shape), fill)
        padded[self.index] = flat
        return padded.view(self.rows, self.longest, *shape)

    def flatten(self, padded: Tensor) -> Tensor:
        """Take the tokens out of rows of one length: the inverse of :meth:`pad`.

        Args:
            padded: Shape: ``(rows, longest, …)``.

        Returns:
            Shape: ``(tokens, …)``.
        """
        flat = padded.reshape(self.rows * self.longest, *padded.shape[2:])
        return flat if self.mask is None else flat[self.index]
