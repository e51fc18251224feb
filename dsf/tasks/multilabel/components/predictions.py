"""From probabilities to answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.metrics import apply_thresholds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["calculate_predictions"]


def calculate_predictions(probabilities: ArrayLike, thresholds: ArrayLike) -> NDArray[np.int8]:
    """Answer the labels whose probability is above their threshold; equal is not enough.

    Args:
        probabilities: Shape: ``(rows, labels)``.
        thresholds: Shape: ``(labels,)``.

    Returns:
        0 or 1. Shape: ``(rows, labels)``.
    """
    return apply_thresholds(probabilities, thresholds)
