"""An encoder that reads batches without padding."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from dsf.networks.dropout import use_cheap_dropout
from dsf.networks.first_tokens import FIRST_KEY, shorten_last_layer
from dsf.networks.layout import TokenLayout
from dsf.networks.unpadded import LAYOUT_KEY, use_unpadded_attention, why_padded

if TYPE_CHECKING:
    from transformers import PreTrainedModel

__all__ = ["TextEncoder"]

_LOG = logging.getLogger(__name__)

# Their positions begin behind the number of the padding token.
_SHIFTED = frozenset({"camembert", "roberta", "xlm-roberta"})


class TextEncoder(nn.Module):
    """Turns tokens into vectors, spending no work on padding.

    A family that cannot do without padding is given padded batches inside; the answers and their
    shape are the same, only slower, and ``padded_because`` says why.

    Attributes:
        model: The encoder of transformers.
        hidden_size: Size of each token's vector.
        max_length: Longest row that it can read, in tokens; ``None`` if there is no limit.
        padded_because: Why batches are padded; ``None`` when they are not.
    """

    model: PreTrainedModel

    def __init__(self, model: PreTrainedModel, *, unpadded: bool = True) -> None:
        """Wrap a model, which is changed in place: its attention and dropout become ours.

        Args:
            model: What :func:`dsf.networks.load_encoder` gives.
            unpadded: ``False`` to pad in any case, to compare.
        """
        super().__init__()
        self.model = model
        config: Any = model.config
        self.hidden_size: int = config.hidden_size
        self._shift = config.pad_token_id + 1 if config.model_type in _SHIFTED else 0
        places: int | None = getattr(config, "max_position_embeddings", None)
        self.max_length = None if places is None else places - self._shift
        use_cheap_dropout(model)
        self.padded_because = why_padded(model) if unpadded else "the caller asked for padding"
        self._shortens = False
        if self.padded_because is None:
            use_unpadded_attention(model)
            self._shortens = shorten_last_layer(model)
        elif unpadded:
            _LOG.warning("Batches are padded, which is slower: %s", self.padded_because)

    def forward(self, input_ids: Tensor, lengths: Tensor) -> Tensor:
        """Give a vector for each token.

        Args:
            input_ids: The rows' tokens, one row after another. Shape: ``(tokens,)``.
            lengths: How many tokens each row has. Shape: ``(rows,)``.

        Returns:
            Vectors of the last layer. Shape: ``(tokens, hidden_size)``.

        Raises:
            ValueError: If the lengths do not fit the tokens, or a row is too long for the model.
        """
        return self.encode(input_ids, self.lay_out(input_ids, lengths))

    def lay_out(self, input_ids: Tensor, lengths: Tensor) -> TokenLayout:
        """Find where the rows of a batch lie; see :meth:`forward`."""
        layout = TokenLayout.of(lengths, len(input_ids))
        if self.max_length is not None and layout.longest > self.max_length:
            raise ValueError(
                f"a row must have at most the {self.max_length} tokens that the encoder was made "
                f"for, but one has {layout.longest}. Truncate to max_length: {self.max_length}."
            )
        return layout

    def encode(self, input_ids: Tensor, layout: TokenLayout) -> Tensor:
        """Do the work of :meth:`forward` for a batch that is laid out.

        Args:
            input_ids: Shape: ``(tokens,)``.
            layout: What :meth:`lay_out` gives.

        Returns:
            Shape: ``(tokens, hidden_size)``.
        """
        answer = self._call(input_ids, layout)
        return self._flat(answer.last_hidden_state, layout)

    def encode_first(self, input_ids: Tensor, layout: TokenLayout) -> Tensor:
        """Give the vector of each row's first token; where it can, the last layer does no more.

        Args:
            input_ids: Shape: ``(tokens,)``.
            layout: What :meth:`lay_out` gives.

        Returns:
            Shape: ``(rows, hidden_size)``.
        """
        if not self._shortens:
            return self.encode(input_ids, layout)[layout.starts]
        first: Tensor = self._call(input_ids, layout, **{FIRST_KEY: True}).last_hidden_state
        return first.squeeze(0)

    def encode_layers(self, input_ids: Tensor, lengths: Tensor) -> tuple[Tensor, ...]:
        """Give the vectors of every layer: those of the embeddings first, the last layer's last.

        Args:
            input_ids: Shape: ``(tokens,)``.
            lengths: Shape: ``(rows,)``.

        Returns:
            One more than there are layers, each of Shape: ``(tokens, hidden_size)``.
        """
        layout = self.lay_out(input_ids, lengths)
        answer = self._call(input_ids, layout, output_hidden_states=True)
        return tuple(self._flat(layer, layout) for layer in answer.hidden_states)

    def _call(self, input_ids: Tensor, layout: TokenLayout, **options: Any) -> Any:
        if self.padded_because is None:
            return self.model(
                input_ids=input_ids[None],
                position_ids=layout.positions[None] + self._shift,
                **{LAYOUT_KEY: layout},
                **options,
            )
        fill = self.model.config.pad_token_id or 0
        mask = layout.pad(input_ids.new_ones(len(input_ids)))
        return self.model(
            input_ids=layout.pad(input_ids, fill=fill), attention_mask=mask, **options
        )

    def _flat(self, hidden: Tensor, layout: TokenLayout) -> Tensor:
        return hidden.squeeze(0) if self.padded_because is None else layout.flatten(hidden)
