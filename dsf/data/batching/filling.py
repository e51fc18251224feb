"""Rows in an order become batches, and batches become steps of all processes."""

from __future__ import annotations

import numpy as np

__all__ = ["fill_batches", "share_out"]


def fill_batches(
    rows: np.ndarray, lengths: np.ndarray, batch_size: int | None, max_tokens: int | None
) -> list[np.ndarray]:
    """Cut an order of rows into batches that are as full as the limits allow.

    Args:
        rows: Row numbers in their order. Shape: ``(rows,)``.
        lengths: Tokens of each row, none above ``max_tokens``. Shape: ``(rows,)``.
        batch_size: Most rows of a batch.
        max_tokens: Most tokens of a batch.

    Returns:
        Row numbers of each batch.
    """
    if max_tokens is None:
        size = batch_size or len(rows)
        return [rows[start : start + size] for start in range(0, len(rows), size)]
    ends = np.cumsum(lengths[rows])
    batches, start, used = [], 0, 0
    while start < len(rows):
        stop = int(np.searchsorted(ends, used + max_tokens, side="right"))
        if batch_size is not None:
            stop = min(stop, start + batch_size)
        batches.append(rows[start:stop])
        start, used = stop, int(ends[stop - 1])
    return batches


def share_out(batches: list[np.ndarray], rows: np.ndarray, world: int) -> list[np.ndarray]:
    """Make the number of batches a multiple of the number of processes.

    The batches of the last step are cut into smaller ones, so that no limit is broken.

    Args:
        batches: Batches of all rows.
        rows: Row numbers that are taken once more should the last step have too few.
        world: Number of processes.

    Returns:
        All batches; each ``world`` of them are a step.
    """
    over = len(batches) % world
    if not over:
        return batches
    whole, last = batches[:-over], batches[-over:]
    pieces = [1] * over
    while sum(pieces) < world:
        room = [
            len(batch) / cuts if cuts < len(batch) else 0.0
            for batch, cuts in zip(last, pieces, strict=True)
        ]
        fullest = int(np.argmax(room))
        if not room[fullest]:
            break
        pieces[fullest] += 1
    for batch, cuts in zip(last, pieces, strict=True):
        whole += np.array_split(batch, cuts)
    missing = -len(whole) % world
    return whole + [rows[[at % len(rows)]] for at in range(missing)]
