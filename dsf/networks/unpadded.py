"""Attention for a batch without padding, plugged into the encoders of transformers.

Most of an encoder looks at one token at a time: embeddings, linear layers, norms. There the
batch is one flat row of real tokens, and padding costs nothing. Only attention looks across
tokens; for it alone the rows are padded. The answers are the padded model's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import nn

from dsf.networks.attention_groups import attend_in_groups

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel

    from dsf.networks.layout import TokenLayout

__all__ = ["LAYOUT_KEY", "why_padded"]

ATTENTION_NAME = "dsf_unpadded"
"""Our attention's name in transformers."""

LAYOUT_KEY = "dsf_layout"
"""Keyword argument by which a batch's layout travels from the model's call to its attention.

It travels with the call, so two models, or two threads, share nothing.
"""

# Families whose layers hand all keyword arguments on to their attention, and whose positions are
# added to the embeddings. Each is compared with its padded form in the tests.
_FAMILIES = frozenset(
    {"albert", "bert", "camembert", "distilbert", "electra", "roberta", "xlm-roberta"}
)
_OWN_ATTENTION = "it computes attention itself, with the distances between places in the batch"
_REASONS = {
    "big_bird": "its attention is sparse in blocks of the padded row",
    "deberta": _OWN_ATTENTION,
    "deberta-v2": _OWN_ATTENTION,
    "funnel": "it shortens the padded row between layers",
    "longformer": "its attention slides over the padded row",
    "modernbert": "its attention slides over the padded row in some layers",
    "mpnet": _OWN_ATTENTION,
    "xlnet": _OWN_ATTENTION,
}


def why_padded(model: PreTrainedModel) -> str | None:
    """Say why a model must be given padded batches.

    Args:
        model: An encoder.

    Returns:
        The reason, or ``None`` if it can do without padding.
    """
    config = model.config
    family = config.model_type
    if family not in _FAMILIES:
        reason = _REASONS.get(family, "it was not compared with its padded form")
        return f"a {family} model needs padding: {reason}"
    if getattr(config, "is_decoder", False):
        return f"this {family} model needs padding: it is a decoder, which looks back only"
    if getattr(config, "chunk_size_feed_forward", 0):
        return f"this {family} model needs padding: chunk_size_feed_forward cuts the padded row"
    return None


def use_unpadded_attention(model: PreTrainedModel) -> None:
    """Make a model able to take batches without padding; padded ones still work."""
    from transformers import AttentionInterface
    from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

    AttentionInterface.register(ATTENTION_NAME, _attend)
    # With no layout given the model is torch's own attention, masks included.
    AttentionMaskInterface.register(ATTENTION_NAME, sdpa_mask)
    model.set_attn_implementation(ATTENTION_NAME)


def _attend(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    dropout: float = 0.0,
    scaling: float | None = None,
    dsf_layout: TokenLayout | None = None,
    **others: Any,
) -> tuple[Tensor, None]:
    """Attend within rows.

    Args:
        module: The attention layer, whose mode says whether to drop.
        query: Shape: ``(1, heads, tokens, head_size)``, or padded: ``(rows, heads, …)``.
        key: As ``query``.
        value: As ``query``.
        attention_mask: Only when padded.
        dropout: Share of the attention to drop.
        scaling: Factor on the scores.
        dsf_layout: Where the rows lie; ``None`` when padded.
        **others: What transformers passes to its own attention.

    Returns:
        Shape: ``(1, tokens, heads, head_size)``, and no weights.
    """
    from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

    if dsf_layout is None:
        attend = ALL_ATTENTION_FUNCTIONS["sdpa"]
        answer: tuple[Tensor, None] = attend(
            module, query, key, value, attention_mask, dropout=dropout, scaling=scaling, **others
        )
        return answer
    drops = dropout if module.training else 0.0
    if query.device.type == "cpu":
        groups = dsf_layout.groups(query.shape[1])
        # Not query[0]: the gradient of indexing is copied, that of squeezing is not.
        flat = [part.squeeze(0).transpose(0, 1) for part in (query, key, value)]
        answers = attend_in_groups(
            (flat[0], flat[1], flat[2]), groups, dropout=drops, scaling=scaling
        )
        return answers.unsqueeze(0), None
    mask = dsf_layout.mask
    rows = [dsf_layout.pad(part[0].transpose(0, 1)) for part in (query, key, value)]
    mixed = nn.functional.scaled_dot_product_attention(
        rows[0].transpose(1, 2),
        rows[1].transpose(1, 2),
        rows[2].transpose(1, 2),
        attn_mask=None if mask is None else mask[:, None, None, :],
        dropout_p=drops,
        scale=scaling,
    )
    return dsf_layout.flatten(mixed.transpose(1, 2)).unsqueeze(0), None
