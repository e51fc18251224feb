"""Encoded texts: one flat array of token ids, and where each text begins in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

__all__ = ["EncodedTexts"]


@dataclass(frozen=True)
class EncodedTexts:
    """Token ids of many texts, one after the other, without padding.

    Attributes:
        ids: Token ids with the special tokens, int32. Shape: ``(tokens,)``.
        offsets: Where each text begins, and the end of the last, int64. Shape: ``(rows + 1,)``.
        truncated: How many texts were longer than allowed and lost their end.
    """

    ids: np.ndarray
    offsets: np.ndarray
    truncated: int

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> np.ndarray:
        """Give the token ids of one text. Shape: ``(tokens of the text,)``."""
        row = range(len(self))[row]
        text: np.ndarray = self.ids[self.offsets[row] : self.offsets[row + 1]]
        return text

    @cached_property
    def lengths(self) -> np.ndarray:
        """Number of tokens of each text, int64. Shape: ``(rows,)``."""
        return np.diff(self.offsets)
