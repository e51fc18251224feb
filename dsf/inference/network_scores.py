"""The network of a bundle: read from plain data, asked batch by batch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.bundle import CONFIG_FILE, TOKENIZER_FOLDER
from dsf.inference.scores import Scores, find_device, gather_scores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsf.core.bundle import Bundle
    from dsf.data.encoding import EncodedTexts, EncodedWords

__all__ = ["NetworkScores"]


class NetworkScores:
    """Scores rows with the network of a bundle, in 32 bits.

    Args:
        bundle: The bundle.
        device: Where to compute, as torch names it; ``auto``: a GPU if there is one.
    """

    def __init__(self, bundle: Bundle, device: str = "auto") -> None:
        self.labels = bundle.labels
        self.device = find_device(device)
        self.network = _load(bundle).to(self.device)

    def score(
        self,
        encoded: EncodedTexts | EncodedWords,
        batch_size: int | None,
        max_tokens: int | None,
        *,
        by_length: bool,
    ) -> Scores:
        """Score rows, batch by batch.

        Args:
            encoded: The rows, or windows of them.
            batch_size: Most rows of a batch.
            max_tokens: Most tokens of a batch; a longer row has one of its own.
            by_length: Whether rows of like length share a batch, which is faster where an encoder
                needs padding; otherwise they keep their order, as in a test.

        Returns:
            The scores, in the order of the rows; of tags, in that of the tokens.
        """
        tags = self.labels.kind == "tags"
        units = len(encoded.ids) if tags else len(encoded.lengths)
        answers = self._ask(encoded, batch_size, max_tokens, by_length=by_length)
        return gather_scores(self.labels, units, answers)

    def _ask(
        self,
        encoded: EncodedTexts | EncodedWords,
        batch_size: int | None,
        max_tokens: int | None,
        *,
        by_length: bool,
    ) -> Iterator[tuple[np.ndarray, Any]]:
        """Ask the network batch by batch."""
        from dsf.data.batching import BatchPlan, TokenBatches
        from dsf.data.batching.filling import fill_batches

        lengths = encoded.lengths
        order = np.argsort(lengths, kind="stable") if by_length else np.arange(len(lengths))
        if max_tokens is not None:
            max_tokens = max(max_tokens, int(lengths.max(initial=1)))
        batches = TokenBatches(encoded, BatchPlan(lengths, batch_size=max(1, len(order))))
        for rows in fill_batches(order, lengths, batch_size, max_tokens):
            batch = batches.collate(rows)
            asked = (batch[name].to(self.device) for name in ("input_ids", "lengths"))
            yield self._places(encoded, rows), self.network(*asked)

    def _places(self, encoded: EncodedTexts | EncodedWords, rows: np.ndarray) -> np.ndarray:
        """Say where the scores of a batch belong."""
        from dsf.data.encoding.flat import piece_positions

        if self.labels.kind != "tags":
            return rows
        return piece_positions(encoded.offsets[rows], encoded.lengths[rows])


def _load(bundle: Bundle) -> Any:
    """Make the network that the bundle describes, and give it the bundle's weights."""
    import torch

    from dsf.networks import (
        MultiLabelClassifier,
        TextClassifier,
        TextEncoder,
        TokenClassifier,
        load_encoder,
        load_network_weights,
    )

    described = json.loads((bundle.folder / CONFIG_FILE).read_text(encoding="utf-8"))
    labels = bundle.labels
    network: Any
    sizes = {name: len(names) for name, names in labels.outputs.items()}
    # Weights begin at random before they are read: the caller's random state is none of ours.
    with torch.random.fork_rng(devices=[]):
        # The tokenizer's folder has the layout, but no weights.
        encoder = TextEncoder(load_encoder(f"scratch:{bundle.folder / TOKENIZER_FOLDER}"))
        if labels.kind == "tags":
            network = TokenClassifier(encoder, len(labels.only), dropout=0.0)
        elif labels.kind == "multilabel":
            pooling = described["dsf_pooling"]
            network = MultiLabelClassifier(encoder, len(labels.only), pooling=pooling, dropout=0.0)
        else:
            pooling = described["dsf_pooling"]
            network = TextClassifier(encoder, sizes, pooling=pooling, dropout=0.0)
    load_network_weights(network, bundle.folder)
    return network.float().eval()
