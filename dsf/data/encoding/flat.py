"""Pieces of flat arrays: cut, chosen and joined without a loop over rows."""

from __future__ import annotations

import numpy as np

__all__ = ["flatten", "piece_positions", "starts_of"]


def starts_of(lengths: np.ndarray) -> np.ndarray:
    """Give where each piece begins when pieces of these lengths stand one after the other.

    Args:
        lengths: Shape: ``(pieces,)``.

    Returns:
        Starts, and the end of the last piece, int64. Shape: ``(pieces + 1,)``.
    """
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def piece_positions(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Give the positions that pieces of a flat array have in it, piece after piece.

    Args:
        starts: Where each wanted piece begins. Shape: ``(pieces,)``.
        lengths: How long it is. Shape: ``(pieces,)``.

    Returns:
        Positions, int64. Shape: ``(sum of lengths,)``.
    """
    ends = starts_of(lengths)
    return np.repeat(starts - ends[:-1], lengths) + np.arange(ends[-1])


def flatten(lists: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Join lists of token ids.

    Returns:
        The ids, int32. Shape: ``(tokens,)``. And the lengths, int64. Shape: ``(lists,)``.
    """
    lengths = np.fromiter(map(len, lists), np.int64, len(lists))
    ids = np.fromiter((i for ids in lists for i in ids), np.int32, int(lengths.sum()))
    return ids, lengths
