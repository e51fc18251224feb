"""A bundle that reads rows of numbers: from what a caller gave to probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.bundle import PROGRAM_FILE, WEIGHTS_FILE
from dsf.data import hash_number_rows
from dsf.inference.features import read_features, to_numbers
from dsf.inference.network_program import load_program
from dsf.inference.scores import LARGER, find_device, gather_scores

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd

    from dsf.core.bundle import Bundle
    from dsf.inference.params import Params

__all__ = ["FeatureScorer"]


class FeatureScorer:
    """Program and weights of a bundle, in memory.

    Args:
        bundle: The bundle.
        device: Where to compute, as torch names it; ``auto``: a GPU if there is one.
    """

    def __init__(self, bundle: Bundle, device: str) -> None:
        from safetensors.torch import load_file

        self.labels, self.inputs = bundle.labels, bundle.metadata.inputs
        self.device = find_device(device)
        weights = load_file(bundle.folder / WEIGHTS_FILE, device=str(self.device))
        self.weights = dict(sorted(weights.items()))
        self.program = load_program(bundle.folder / PROGRAM_FILE, self.device)

    def read(self, asked: Any) -> pd.DataFrame:
        """Make rows of what a caller gave; see :func:`dsf.inference.features.read_features`."""
        return read_features(asked, self.inputs.features, gaps=self.inputs.gaps)

    def hashes(self, rows: pd.DataFrame) -> np.ndarray:
        """Hash what is read of rows, as a bundle keeps what it has learned from."""
        return hash_number_rows(self._numbers(rows))

    def score(
        self, rows: pd.DataFrame, wish: Params, *, as_in_test: bool
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give logits and probabilities by output.

        Args:
            rows: What :meth:`read` gave.
            wish: Has the size of a batch.
            as_in_test: Whether rows share batches as in a test; else more of them do.
        """
        learned_by = self.inputs.batch_size or max(1, len(rows))
        size = wish.batch_size or learned_by * (1 if as_in_test else LARGER)
        scores = gather_scores(self.labels, len(rows), self._ask(rows, size))
        return scores.logits, scores.probabilities

    def _ask(self, rows: pd.DataFrame, size: int) -> Iterator[tuple[slice, Any]]:
        """Ask the network batch by batch."""
        import torch

        numbers = self._numbers(rows).reshape(len(rows), *self.inputs.shape or (-1,))
        for first in range(0, len(rows), size):
            places = slice(first, first + size)
            batch = torch.from_numpy(numbers[places]).to(self.device)
            yield places, self.program(self.weights, batch)

    def _numbers(self, rows: pd.DataFrame) -> np.ndarray:
        return to_numbers(rows, self.inputs.features)
