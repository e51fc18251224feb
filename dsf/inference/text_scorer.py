"""A bundle that reads texts: from what a caller gave to probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.bundle import TOKENIZER_FOLDER
from dsf.data import hash_texts
from dsf.inference.decoding import spread_words
from dsf.inference.inputs import read_inputs
from dsf.inference.network_scores import NetworkScores
from dsf.inference.scores import LARGER

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from dsf.core.bundle import Bundle
    from dsf.inference.params import Params
    from dsf.inference.scores import Scores

__all__ = ["TextScorer"]


class TextScorer:
    """Tokenizer and network of a bundle, in memory.

    Args:
        bundle: The bundle.
        device: Where to compute, as torch names it; ``auto``: a GPU if there is one.
    """

    def __init__(self, bundle: Bundle, device: str) -> None:
        from tokenizers import Tokenizer

        self.inputs, self.with_words = bundle.metadata.inputs, bundle.labels.kind == "tags"
        path = bundle.folder / TOKENIZER_FOLDER / "tokenizer.json"
        self.tokenizer = Tokenizer.from_file(str(path))
        self.network = NetworkScores(bundle, device)

    def read(self, asked: Any) -> pd.DataFrame:
        """Make rows of what a caller gave; see :func:`dsf.inference.inputs.read_inputs`."""
        return read_inputs(asked, str(self.inputs.text_column), with_words=self.with_words)

    def hashes(self, rows: pd.DataFrame) -> np.ndarray:
        """Hash what is read of rows, as a bundle keeps what it has learned from."""
        return hash_texts(rows[self.inputs.text_column])

    def score(
        self, rows: pd.DataFrame, wish: Params, *, as_in_test: bool
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give logits and probabilities by output; of tags, one array a row.

        Args:
            rows: What :meth:`read` gave.
            wish: Has the size of a batch.
            as_in_test: Whether rows share batches as in a test; else those of like length do,
                which is faster.
        """
        size = wish.batch_size or (self.inputs.batch_size and self.inputs.batch_size * LARGER)
        most = self.inputs.max_tokens and self.inputs.max_tokens * LARGER
        encoded = self._encode(rows)
        scores = self.network.score(encoded, size, most, by_length=not as_in_test)
        if not self.with_words:
            return dict(scores.logits), dict(scores.probabilities)
        return self._spread(rows, encoded, scores)

    def _spread(
        self, rows: pd.DataFrame, encoded: Any, scores: Scores
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give each word what its first token has."""
        sizes = [len(words) for words in rows["tokens"]]
        ((output, logits),) = scores.logits.items()
        chances = scores.probabilities[output]
        words = spread_words(encoded, chances, sizes, 1 / chances.shape[1])
        return {output: spread_words(encoded, logits, sizes, 0.0)}, {output: words}

    def _encode(self, rows: pd.DataFrame) -> Any:
        from dsf.data.encoding import encode_texts, encode_words

        length, stride = self.inputs.max_length, self.inputs.window_stride
        if self.with_words:
            return encode_words(rows, self.tokenizer, max_length=length, stride=stride)
        return encode_texts(rows["text"], self.tokenizer, max_length=length)
