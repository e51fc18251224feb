"""Networks for the text tasks: an encoder with linear heads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from torch import Tensor, nn

from dsf.core.errors import ConfigError, Problem
from dsf.core.suggestions import did_you_mean
from dsf.networks.dropout import Dropout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.networks.layout import TokenLayout
    from dsf.networks.text_encoder import TextEncoder

__all__ = ["POOLINGS", "MultiLabelClassifier", "TextClassifier", "TokenClassifier"]

POOLINGS = ("cls", "mean", "pooler")
"""How a row's vectors become one: the first token's, the mean of all tokens, or the first token's
through the encoder's own pooler."""


class _Network(nn.Module):
    """An encoder with one linear layer for each output; the encoder becomes a part of it."""

    def __init__(self, encoder: TextEncoder, outputs: Mapping[str, int], dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.outputs = dict(outputs)
        self.dropout = Dropout(dropout)
        self.heads = nn.ModuleList(
            nn.Linear(encoder.hidden_size, count) for count in self.outputs.values()
        )
        # As the encoders' own layers begin; torch's default is several times wider.
        spread = getattr(encoder.model.config, "initializer_range", 0.02)
        for name, weight in self.heads.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(weight)
            else:
                nn.init.normal_(weight, std=spread)


class TextClassifier(_Network):
    """One label of each output for a row: one linear layer each on the row's vector.

    Attributes:
        encoder: The encoder; its ``encode_layers`` gives the hidden states.
        outputs: Output → how many labels it has.
        pooling: A name in :data:`POOLINGS`.
    """

    architecture: ClassVar[str] = "SequenceClassification"

    def __init__(
        self,
        encoder: TextEncoder,
        outputs: Mapping[str, int],
        *,
        pooling: str = "cls",
        dropout: float = 0.1,
    ) -> None:
        """Put fresh heads on an encoder.

        Args:
            encoder: The encoder.
            outputs: Output → how many labels it has.
            pooling: A name in :data:`POOLINGS`.
            dropout: Share of a row's vector to drop before the heads.

        Raises:
            ConfigError: If there is no such pooling, or the encoder has no pooler.
        """
        super().__init__(encoder, outputs, dropout)
        _check_pooling(encoder, pooling)
        self.pooling = pooling
        if pooling != "pooler":
            _drop_pooler(encoder)

    def forward(self, input_ids: Tensor, lengths: Tensor) -> dict[str, Tensor]:
        """Give scores before softmax.

        Args:
            input_ids: Shape: ``(tokens,)``.
            lengths: Shape: ``(rows,)``.

        Returns:
            Output → scores. Shape: ``(rows, labels)``.
        """
        vectors = self.dropout(self.embed(input_ids, lengths))
        return {name: head(vectors) for name, head in zip(self.outputs, self.heads, strict=True)}

    def embed(self, input_ids: Tensor, lengths: Tensor) -> Tensor:
        """Give a vector for each row. Shape: ``(rows, hidden_size)``."""
        layout = self.encoder.lay_out(input_ids, lengths)
        if self.pooling == "mean":
            return _mean(self.encoder.encode(input_ids, layout), layout)
        first = self.encoder.encode_first(input_ids, layout)
        return first if self.pooling == "cls" else _pool(self.encoder, first)


class MultiLabelClassifier(TextClassifier):
    """Any number of labels for a row: one score each on the row's vector."""

    def __init__(
        self, encoder: TextEncoder, labels: int, *, pooling: str = "cls", dropout: float = 0.1
    ) -> None:
        """Put a fresh head on an encoder.

        Args:
            encoder: The encoder.
            labels: How many labels there are.
            pooling: A name in :data:`POOLINGS`.
            dropout: Share of a row's vector to drop before the head.

        Raises:
            ConfigError: If there is no such pooling, or the encoder has no pooler.
        """
        super().__init__(encoder, {"labels": labels}, pooling=pooling, dropout=dropout)

    def forward(self, input_ids: Tensor, lengths: Tensor) -> Tensor:  # type: ignore[override]
        """Give scores before sigmoid. Shape: ``(rows, labels)``."""
        return super().forward(input_ids, lengths)["labels"]


class TokenClassifier(_Network):
    """One label for each token: a linear layer on the token's vector."""

    architecture: ClassVar[str] = "TokenClassification"

    def __init__(self, encoder: TextEncoder, labels: int, *, dropout: float = 0.1) -> None:
        """Put a fresh head on an encoder.

        Args:
            encoder: The encoder.
            labels: How many labels there are.
            dropout: Share of a token's vector to drop before the head.
        """
        super().__init__(encoder, {"tags": labels}, dropout)
        _drop_pooler(encoder)

    def forward(self, input_ids: Tensor, lengths: Tensor) -> Tensor:
        """Give scores before softmax. Shape: ``(tokens, labels)``."""
        hidden = self.dropout(self.encoder(input_ids, lengths))
        scores: Tensor = self.heads[0](hidden)
        return scores


def _check_pooling(encoder: TextEncoder, pooling: str) -> None:
    if pooling not in POOLINGS:
        why = f"must be one of {', '.join(POOLINGS)}, not {pooling!r}."
        why += did_you_mean(str(pooling), POOLINGS)
    elif pooling == "pooler" and getattr(encoder.model, "pooler", None) is None:
        family = encoder.model.config.model_type
        why = f"must be cls or mean: a {family} model has no pooler."
    else:
        return
    raise ConfigError("The network cannot be made.", [Problem("pooling", why)])


def _drop_pooler(encoder: TextEncoder) -> None:
    """Take away a pooler that nothing asks: DDP refuses weights that get no gradient."""
    model: Any = encoder.model
    if getattr(model, "pooler", None) is not None:
        model.pooler = None


def _mean(hidden: Tensor, layout: TokenLayout) -> Tensor:
    # Over padded rows: adding up by index has no fixed order on a GPU.
    sums = layout.pad(hidden.float()).sum(dim=1)
    return sums / layout.lengths[:, None]


def _pool(encoder: TextEncoder, first: Tensor) -> Tensor:
    model: Any = encoder.model
    if isinstance(model.pooler, nn.Linear):  # ALBERT's is in two parts
        pooled: Tensor = model.pooler_activation(model.pooler(first))
    else:
        pooled = model.pooler(first[:, None])
    return pooled
