"""What attention in groups is made of: steps with their gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from dsf.networks.dropout import make_factors

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
    step, the groups share their memory, and nothing is cut or put together again.
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
        kept = []
        parts = (_views(groups, part) for part in (query, key, value, mixed))
        with torch.autocast("cpu", enabled=False):  # all are of one type already
            for mask, (q, k, v, out) in zip(groups.masks, zip(*parts, strict=True), strict=True):
                scores = _product(q, k.transpose(1, 2), scale)
                if mask is not None:
                    scores += mask.to(scores.dtype)
                weights = scores.softmax(dim=-1)
                factors = make_factors(weights, dropout)
                torch.bmm(weights * factors, v, out=out)
                kept += [weights, factors]
        context.save_for_backward(query, key, value, *kept)
        context.groups, context.scale = groups, scale
        return mixed.index_select(0, groups.places)

    @staticmethod
    @once_differentiable
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        groups, scale = context.groups, context.scale
        query, key, value, *kept = context.saved_tensors
        given = _fill(gradients[0], groups.places, len(query))
        found = [torch.empty_like(query) for _ in range(3)]
        parts = (_views(groups, part) for part in (given, query, key, value, *found))
        pairs = zip(kept[::2], kept[1::2], strict=True)
        for (weights, factors), views in zip(pairs, zip(*parts, strict=True), strict=True):
            grad, q, k, v, to_q, to_k, to_v = views
            torch.bmm((weights * factors).transpose(1, 2), grad, out=to_v)
            of_weights = torch.bmm(grad, v.transpose(1, 2)).mul_(factors)
            of_scores = torch._softmax_backward_data(of_weights, weights, -1, weights.dtype)
            _product(of_scores, k, scale, to_q)
            _product(of_scores.transpose(1, 2), q, scale, to_k)
        answers = (one.index_select(0, groups.places) for one in found)
        return *answers, None, None, None


def _fill(flat: Tensor, places: Tensor, size: int) -> Tensor:
    return flat.new_zeros(size, flat.shape[1]).index_copy_(0, places, flat)


def _product(left: Tensor, right: Tensor, scale: float, out: Tensor | None = None) -> Tensor:
    """Multiply matrices, and by a factor at no cost."""
    shape = (left.shape[0], left.shape[1], right.shape[2])
    out = left.new_empty(shape) if out is None else out
    return torch.baddbmm(out, left, right, beta=0, alpha=scale, out=out)


def _views(groups: AttentionGroups, part: Tensor) -> Iterator[Tensor]:
    """Cut what lies in all groups. Shape of each: ``(rows · heads, tokens, head_size)``."""
    begin = 0
    for rows, tokens in groups.shapes:
        end = begin + rows * tokens
        yield part[begin:end].view(rows, tokens, -1)
        begin = end


attend_and_drop: Callable[..., Tensor] = _AttendAndDrop.apply
"""Attend in groups and drop some of it; flat query, key and value in, flat answers out."""

to_groups: Callable[..., Tensor] = _ToGroups.apply
"""Put flat vectors into groups."""

from_groups: Callable[..., Tensor] = _FromGroups.apply
"""Put vectors back."""
