"""Encoded texts with a tag a word: windows of tokens that know their words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["IGNORED", "EncodedWords"]

IGNORED = -100
"""Target of a token that has no loss; torch's cross-entropy skips it."""


@dataclass(frozen=True)
class EncodedWords:
    """Token ids of many windows, one after the other, without padding.

    A text that is longer than the model is covered by several windows. Where they overlap, a
    token is owned by the window in which it stands further from the edge: each token of a text is
    owned by exactly one window, which has its target and whose answer counts.

    Attributes:
        ids: Token ids with the special tokens, int32. Shape: ``(tokens,)``.
        offsets: Where each window begins, and the end of the last. Shape: ``(windows + 1,)``.
        window_rows: Row that each window is cut from, ascending. Shape: ``(windows,)``.
        words: Number of the word in its row, -1 for special tokens and those outside of all
            words. Shape: ``(tokens,)``.
        owned: Whether the token's answer counts here; false for special ones. Shape:
            ``(tokens,)``.
        first: Whether the token is owned and the first one of its word. Shape: ``(tokens,)``.
        targets: Number of the tag, or :data:`IGNORED`; all ignored without tags, int64. Shape:
            ``(tokens,)``.
        silent_words: Pairs of row and word that got no token of their own, such as a word of
            control characters: no model sees them. Shape: ``(silent, 2)``.
    """

    ids: np.ndarray
    offsets: np.ndarray
    window_rows: np.ndarray
    words: np.ndarray
    owned: np.ndarray
    first: np.ndarray
    targets: np.ndarray
    silent_words: np.ndarray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator[np.ndarray]:
        """Give the token ids of each window. Shape of each: ``(tokens of the window,)``."""
        return (self.ids[a:b] for a, b in zip(self.offsets[:-1], self.offsets[1:], strict=True))

    @cached_property
    def lengths(self) -> np.ndarray:
        """Number of tokens of each window, int64. Shape: ``(windows,)``."""
        return np.diff(self.offsets)
