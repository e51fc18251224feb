"""A last layer that works only for the tokens that are read.

Who classifies a row by the vector of its first token reads one token of each row. All others are
needed up to the last layer, whose attention looks at them, and there only as keys and values: its
queries, its linear layers and norms have nothing to do but for the first tokens. That spares a
seventh of a six-layer encoder's work, and the answers are the same.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

if TYPE_CHECKING:
    from transformers import PreTrainedModel

    from dsf.networks.layout import TokenLayout

__all__ = ["FIRST_KEY", "shorten_last_layer"]

FIRST_KEY = "dsf_first"
"""Keyword argument that asks for the first tokens only, on its way from the call to the layer."""

# Families whose layers are made of the same parts under the same names.
_FAMILIES = frozenset({"bert", "camembert", "electra", "roberta", "xlm-roberta"})


def shorten_last_layer(model: PreTrainedModel) -> bool:
    """Make a model's last layer able to answer for the first tokens only, where it is asked to.

    Args:
        model: An encoder that takes batches without padding.

    Returns:
        Whether it is able to now; other families stay as they are.
    """
    if model.config.model_type not in _FAMILIES:
        return False
    encoder: Any = model.encoder
    layer = encoder.layer[-1]
    layer.forward = partial(_forward, layer)
    return True


def _forward(
    layer: Any,
    hidden: Tensor,
    *arguments: Any,
    dsf_first: bool = False,
    dsf_layout: TokenLayout | None = None,
    **options: Any,
) -> Tensor:
    """Do what the layer does, for all tokens or for the first of each row.

    Args:
        layer: A layer of transformers.
        hidden: Shape: ``(1, tokens, hidden_size)``.
        *arguments: What the layer is given besides.
        dsf_first: Whether only the first tokens are asked for.
        dsf_layout: Where the rows lie.
        **options: What the layer is given besides.

    Returns:
        Shape: ``(1, tokens, hidden_size)``, or ``(1, rows, hidden_size)``.
    """
    if not dsf_first or dsf_layout is None:
        answer: Tensor = type(layer).forward(
            layer, hidden, *arguments, dsf_layout=dsf_layout, **options
        )
        return answer
    first = hidden.index_select(1, dsf_layout.starts)
    mixed = _attend_from_first(layer.attention.self, first, hidden, dsf_layout)
    attended = layer.attention.output(mixed, first)
    shortened: Tensor = layer.output(layer.intermediate(attended), attended)
    return shortened


def _attend_from_first(part: Any, first: Tensor, hidden: Tensor, layout: TokenLayout) -> Tensor:
    """Let each row's first token attend to all of its row. Shape: that of ``first``."""
    query = part.query(first).view(layout.rows, 1, part.num_attention_heads, -1)
    others = [layout.pad(one(hidden).squeeze(0)) for one in (part.key, part.value)]
    key, value = (one.view(*one.shape[:2], part.num_attention_heads, -1) for one in others)
    mask = layout.mask
    mixed = nn.functional.scaled_dot_product_attention(
        query.transpose(1, 2),
        key.transpose(1, 2),
        value.transpose(1, 2),
        attn_mask=None if mask is None else mask[:, None, None, :],
        dropout_p=part.dropout.p if part.training else 0.0,
        scale=part.scaling,
    )
    return mixed.reshape(first.shape)
