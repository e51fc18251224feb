"""The network of a bundle: read from plain data, asked batch by batch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.bundle import CONFIG_FILE, TOKENIZER_FOLDER

if TYPE_CHECKING:
    import torch

    from dsf.core.bundle import Bundle
    from dsf.data.encoding import EncodedTexts, EncodedWords

__all__ = ["LARGER", "NetworkScores", "Scores", "find_device", "to_probabilities"]

LARGER = 4
"""Without gradients, a batch of this many times the size needs no more memory."""


@dataclass(frozen=True)
class Scores:
    """What a network gave, in the order in which it was asked.

    Attributes:
        logits: Output → scores, float32. Shape: ``(rows, labels)``; of tags ``(tokens, labels)``.
        probabilities: Output → probabilities before calibration, float64. Shape: the same.
    """

    logits: dict[str, np.ndarray]
    probabilities: dict[str, np.ndarray]


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
        import torch

        from dsf.data.batching import BatchPlan, TokenBatches
        from dsf.data.batching.filling import fill_batches

        lengths = encoded.lengths
        units = len(encoded.ids) if self.labels.kind == "tags" else len(lengths)
        sizes = {name: (units, len(names)) for name, names in self.labels.outputs.items()}
        logits = {name: np.zeros(size, np.float32) for name, size in sizes.items()}
        probabilities = {name: np.zeros(size, np.float64) for name, size in sizes.items()}
        order = np.argsort(lengths, kind="stable") if by_length else np.arange(len(lengths))
        if max_tokens is not None:
            max_tokens = max(max_tokens, int(lengths.max(initial=1)))
        batches = TokenBatches(encoded, BatchPlan(lengths, batch_size=max(1, len(order))))
        with torch.inference_mode():
            for rows in fill_batches(order, lengths, batch_size, max_tokens):
                places = self._places(encoded, rows)
                batch = batches.collate(rows)
                for name, found in self._ask(batch).items():
                    logits[name][places] = found.float().cpu().numpy()
                    chances = to_probabilities(found, self.labels.kind)
                    probabilities[name][places] = chances.cpu().double().numpy()
        return Scores(logits, probabilities)

    def _ask(self, batch: dict[str, Any]) -> dict[str, Any]:
        found = self.network(batch["input_ids"].to(self.device), batch["lengths"].to(self.device))
        return found if isinstance(found, dict) else {next(iter(self.labels.outputs)): found}

    def _places(self, encoded: EncodedTexts | EncodedWords, rows: np.ndarray) -> np.ndarray:
        """Say where the scores of a batch belong."""
        from dsf.data.encoding.flat import piece_positions

        if self.labels.kind != "tags":
            return rows
        return piece_positions(encoded.offsets[rows], encoded.lengths[rows])


def find_device(device: str) -> torch.device:
    """Give a device by its name; ``auto``: a GPU if there is one."""
    import torch

    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(device)


def to_probabilities(logits: torch.Tensor, kind: str) -> torch.Tensor:
    """Turn scores into probabilities as the objectives of a fit do.

    Args:
        logits: Shape: ``(…, labels)``.
        kind: One of :data:`dsf.core.bundle_contents.KINDS`.
    """
    return logits.float().sigmoid() if kind == "multilabel" else logits.float().softmax(dim=-1)


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
