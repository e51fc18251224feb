"""Attention for rows of different lengths: those of like length are padded together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dsf.networks.attention_steps import attend_and_drop, from_groups, to_groups

__all__ = ["AttentionGroups", "attend_in_groups"]

# What a further group must save to be worth its calls, in scores of one head of one row.
_WORTH = 10_000


@dataclass(frozen=True)
class AttentionGroups:
    """Where the heads' vectors of a batch's tokens lie, flat and in groups.

    Flat, a token's heads stand together, as linear layers give them. In a group each head of each
    row has its tokens together, filled up to the longest row of the group; the groups follow one
    another.

    Attributes:
        shapes: Of each group: rows times heads, tokens.
        sources: Which flat vector stands at a place in the groups; where a row is filled up, its
            last one. Shape: ``(places,)``.
        places: Where a flat vector stands. Shape: ``(tokens · heads,)``.
        masks: Of each group, what is added to scores: -infinity where a row is filled up. Shape of
            each: ``(rows · heads, 1, tokens)``, or ``None`` where all are of one length.
    """

    shapes: tuple[tuple[int, int], ...]
    sources: Tensor
    places: Tensor
    masks: tuple[Tensor | None, ...]

    @classmethod
    def of(cls, lengths: np.ndarray, heads: int) -> AttentionGroups:
        """Put rows into groups.

        Args:
            lengths: Tokens of each row. Shape: ``(rows,)``.
            heads: How many heads attend.
        """
        starts = np.cumsum(lengths) - lengths
        order = np.argsort(lengths, kind="stable")
        places = np.empty((int(lengths.sum()), heads), dtype=np.int64)
        head, begin = np.arange(heads), 0
        shapes, sources, masks = [], [], []
        for rows in np.split(order, _cut(lengths[order], heads)):
            sizes, longest = lengths[rows], int(lengths[rows[-1]])
            place = np.arange(longest)
            tokens = starts[rows, None] + np.minimum(place, sizes[:, None] - 1)
            sources.append((tokens[:, None] * heads + head[:, None]).ravel())
            real = place < sizes[:, None]
            at = begin + np.arange(len(rows) * heads * longest).reshape(len(rows), heads, longest)
            places[tokens[real]] = at.transpose(0, 2, 1)[real]
            begin += at.size
            shapes.append((len(rows) * heads, longest))
            masks.append(None if real.all() else _mask(real, heads))
        index = torch.from_numpy(np.concatenate(sources))
        return cls(tuple(shapes), index, torch.from_numpy(places.ravel()), tuple(masks))


def attend_in_groups(
    flat: tuple[Tensor, Tensor, Tensor],
    groups: AttentionGroups,
    *,
    dropout: float = 0.0,
    scaling: float | None = None,
) -> Tensor:
    """Attend within rows, on a CPU.

    Args:
        flat: Query, key and value. Shape of each: ``(tokens, heads, head_size)``.
        groups: Of the rows.
        dropout: Share of the attention to drop.
        scaling: Factor on the scores; ``None``: 1 / √head_size.

    Returns:
        Shape: ``(tokens, heads, head_size)``.
    """
    shape = flat[0].shape
    scale = shape[-1] ** -0.5 if scaling is None else scaling
    parts = [part.reshape(-1, shape[-1]) for part in flat]
    if dropout:
        return attend_and_drop(*parts, groups, dropout, scale).view(shape)
    grouped = [to_groups(part, groups.sources, groups.places) for part in parts]
    sizes = [rows * tokens for rows, tokens in groups.shapes]
    mixed = []
    pieces = zip(*(part.split_with_sizes(sizes) for part in grouped), strict=True)
    for (rows, tokens), mask, piece in zip(groups.shapes, groups.masks, pieces, strict=True):
        query, key, value = (part.view(rows, 1, tokens, -1) for part in piece)
        added = None if mask is None else mask[:, None].to(query.dtype)
        answers = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=added, scale=scale
        )
        mixed.append(answers.reshape(-1, shape[-1]))
    return from_groups(torch.cat(mixed), groups.places).view(shape)


def _cut(lengths: np.ndarray, heads: int) -> list[int]:
    """Find where to cut rows, sorted by length, so that they need few scores."""
    count, squares = len(lengths), np.square(lengths)
    cuts = np.arange(1, count)
    if not len(cuts):
        return []
    saved = cuts * (squares[-1] - squares[:-1])
    best = int(saved.argmax())
    if saved[best] * heads < _WORTH:
        return []
    at = best + 1
    return [*_cut(lengths[:at], heads), at, *(at + one for one in _cut(lengths[at:], heads))]


def _mask(real: np.ndarray, heads: int) -> Tensor:
    added = np.where(real, np.float32(0), np.float32(-np.inf))
    return torch.from_numpy(added).repeat_interleave(heads, dim=0)[:, None]
