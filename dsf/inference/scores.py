"""What a network said of rows, gathered batch by batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    import torch

    from dsf.core.bundle import BundleLabels

__all__ = ["LARGER", "Scores", "find_device", "gather_scores"]

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


def gather_scores(labels: BundleLabels, rows: int, answers: Iterable[tuple[Any, Any]]) -> Scores:
    """Put the answers to batches together.

    Args:
        labels: What the bundle answers.
        rows: How many there are; of tags, how many tokens.
        answers: Of each batch, the places of its rows and what the network said: a tensor, or a
            dict of them by output. They are computed without gradients.
    """
    import torch

    sizes = {name: (rows, len(names)) for name, names in labels.outputs.items()}
    logits = {name: np.zeros(size, np.float32) for name, size in sizes.items()}
    probabilities = {name: np.zeros(size, np.float64) for name, size in sizes.items()}
    with torch.inference_mode():
        for places, said in answers:
            found = said if isinstance(said, dict) else {next(iter(sizes)): said}
            for name, one in found.items():
                logits[name][places] = one.float().cpu().numpy()
                chances = _to_probabilities(one, labels.kind)
                probabilities[name][places] = chances.cpu().double().numpy()
    return Scores(logits, probabilities)


def find_device(device: str) -> torch.device:
    """Give a device by its name; ``auto``: a GPU if there is one."""
    import torch

    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(device)


def _to_probabilities(logits: torch.Tensor, kind: str) -> torch.Tensor:
    """Turn scores into probabilities as the objectives of a fit do."""
    return logits.float().sigmoid() if kind == "multilabel" else logits.float().softmax(dim=-1)
