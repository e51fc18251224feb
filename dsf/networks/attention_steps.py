"""What attention in groups is made of: steps with their gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from dsf.networks.dropout import draw_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dsf.networks.attention_groups import AttentionGroups

__all__ = ["attend_and_drop", "from_groups", "to_groups"]


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
    @once_differentiable
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
    @once_differentiable
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (places,) = context.saved_tensors
        return _fill(gradients[0], places, context.size), None


class _AttendAndDrop(torch.autograd.Function):
    """Attention with dropout in all groups.

    torch has no fast way that drops, and its slow one copies more than all of this. Written as one
    step, the groups share their memory: what is done to each number alone is done to all groups at
    once, and factors are part of a product.
    """

    @staticmethod
    def forward(
        context: Any,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        groups: AttentionGroups,
        dropout: float,
        scale: float,
    ) -> Tensor:
        query, key, value = (part.index_select(0, groups.sources) for part in (query, key, value))
        mixed = torch.empty_like(query)
        weights = query.new_empty(sum(rows * tokens**2 for rows, tokens in groups.shapes))
        with torch.autocast("cpu", enabled=False):  # all are of one type already
            views = zip(*(_views(groups, one) for one in (query, key)), strict=True)
            squares = _views(groups, weights)
            for mask, (q, k), square in zip(groups.masks, views, squares, strict=True):
                scores = _product(q, k.transpose(1, 2), scale)
                if mask is not None:
                    scores += mask.to(scores.dtype)
                torch.softmax(scores, dim=-1, out=square)
            kept, factor = draw_kept(weights, dropout)
            views = zip(*(_views(groups, one) for one in (value, mixed)), strict=True)
            squares = _views(groups, weights * kept)
            for (v, out), square in zip(views, squares, strict=True):
                _product(square, v, factor, out)
        context.save_for_backward(query, key, value, weights, kept)
        context.groups, context.scale, context.factor = groups, scale, factor
        return mixed.index_select(0, groups.places)

    @staticmethod
    @once_differentiable
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        groups, scale, factor = context.groups, context.scale, context.factor
        query, key, value, weights, kept = context.saved_tensors
        given = _fill(gradients[0], groups.places, len(query))
        to_query, to_key, to_value = found = [torch.empty_like(query) for _ in range(3)]
        to_weights = torch.empty_like(weights)
        views = zip(*(_views(groups, one) for one in (given, value, to_value)), strict=True)
        squares = zip(*(_views(groups, one) for one in (weights * kept, to_weights)), strict=True)
        for (grad, v, to_v), (dropped, to_square) in zip(views, squares, strict=True):
            _product(dropped.transpose(1, 2), grad, factor, to_v)
            _product(grad, v.transpose(1, 2), factor, to_square)
        to_weights.mul_(kept)
        views = zip(*(_views(groups, one) for one in (query, key, to_query, to_key)), strict=True)
        squares = zip(*(_views(groups, one) for one in (weights, to_weights)), strict=True)
        for (q, k, to_q, to_k), (square, to_square) in zip(views, squares, strict=True):
            to_scores = torch._softmax_backward_data(to_square, square, -1, square.dtype)
            _product(to_scores, k, scale, to_q)
            _product(to_scores.transpose(1, 2), q, scale, to_k)
        answers = (one.index_select(0, groups.places) for one in found)
        return *answers, None, None, None


def _fill(flat: Tensor, places: Tensor, size: int) -> Tensor:
    return flat.new_zeros(size, flat.shape[1]).index_copy_(0, places, flat)


def _product(left: Tensor, right: Tensor, factor: float, out: Tensor | None = None) -> Tensor:
    """Multiply matrices, and by a factor at no cost."""
    shape = (left.shape[0], left.shape[1], right.shape[2])
    out = left.new_empty(shape) if out is None else out
    return torch.baddbmm(out, left, right, beta=0, alpha=factor, out=out)


def _views(groups: AttentionGroups, part: Tensor) -> Iterator[Tensor]:
    """Cut what lies in all groups: vectors, or a number for each pair of tokens.

    Shape of each: ``(rows · heads, tokens, head_size)``, or ``(rows · heads, tokens, tokens)``.
    """
    power = 2 if part.ndim == 1 else 1
    sizes = [rows * tokens**power for rows, tokens in groups.shapes]
    for (rows, tokens), cut in zip(groups.shapes, part.split_with_sizes(sizes), strict=True):
        yield cut.view(rows, tokens, -1)


attend_and_drop: Callable[..., Tensor] = _AttendAndDrop.apply
"""Attend in groups and drop some of it; flat query, key and value in, flat answers out."""

to_groups: Callable[..., Tensor] = _ToGroups.apply
"""Put flat vectors into groups."""

from_groups: Callable[..., Tensor] = _FromGroups.apply
"""Put vectors back."""
