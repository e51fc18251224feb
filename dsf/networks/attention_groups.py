"""Attention for rows of different lengths: those of like length are padded together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dsf.networks.dropout import drop

if TYPE_CHECKING:
    from collections.abc import Callable

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
    sizes = [rows * tokens for rows, tokens in groups.shapes]
    parts = [
        _to_groups(part.reshape(-1, shape[-1]), groups.sources, groups.places).split_with_sizes(
            sizes
        )
        for part in flat
    ]
    mixed = []
    for number, (rows, tokens) in enumerate(groups.shapes):
        query, key, value = (part[number].view(rows, tokens, shape[-1]) for part in parts)
        one = _attend(query, key, value, groups.masks[number], dropout, scale)
        mixed.append(one.reshape(-1, shape[-1]))
    return _from_groups(torch.cat(mixed), groups.places).view(shape)


def _attend(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, dropout: float, scale: float
) -> Tensor:
    """Attend in one group. Shape of all: ``(rows · heads, tokens, head_size)``."""
    if mask is not None:
        mask = mask.to(query.dtype)
    if not dropout:
        mask = None if mask is None else mask[:, None]
        mixed = functional.scaled_dot_product_attention(
            query[:, None], key[:, None], value[:, None], attn_mask=mask, scale=scale
        )
        return mixed[:, 0]
    # torch has no fast way that drops; its slow one copies more than this.
    if mask is None:
        scores = torch.bmm(query, key.transpose(1, 2)) * scale
    else:
        scores = torch.baddbmm(mask, query, key.transpose(1, 2), alpha=scale)
    return torch.bmm(drop(scores.softmax(dim=-1), dropout), value)


class _ToGroups(torch.autograd.Function):
    """Copies flat vectors to their places.

    The gradient of what fills a row up is 0, since no score counts it: it is left out, where
    indexing would add it up, one vector after the other.
    """

    @staticmethod
    def forward(context: Any, flat: Tensor, sources: Tensor, places: Tensor) -> Tensor:
        context.save_for_backward(places)
        return flat.index_select(0, sources)

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (places,) = context.saved_tensors
        return gradients[0].index_select(0, places), None, None


class _FromGroups(torch.autograd.Function):
    """Copies vectors back; the inverse of :class:`_ToGroups`."""

    @staticmethod
    def forward(context: Any, grouped: Tensor, places: Tensor) -> Tensor:
        context.save_for_backward(places)
        context.size = len(grouped)
        return grouped.index_select(0, places)

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (places,) = context.saved_tensors
        filled = gradients[0].new_zeros(context.size, gradients[0].shape[1])
        return filled.index_copy_(0, places, gradients[0]), None


_to_groups: Callable[..., Tensor] = _ToGroups.apply
_from_groups: Callable[..., Tensor] = _FromGroups.apply


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
