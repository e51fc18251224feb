"""From which probability on each label is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.metrics import best_thresholds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["calculate_best_thresholds"]


def calculate_best_thresholds(
    labels: ArrayLike,
    probabilities: ArrayLike,
    vmin: float = 0.1,
    vmax: float = 0.9,
    step: float = 0.05,
) -> NDArray[np.float64]:
    """Choose for each label the threshold with the highest F1; the lowest one on a tie.

    Args:
        labels: 1 where a validation row has a label, else 0. Shape: ``(rows, labels)``.
        probabilities: Shape: ``(rows, labels)``.
        vmin: The lowest threshold to try, above 0.
        vmax: The end of those to try, exclusive, below 1.
        step: Their distance.

    Returns:
        Shape: ``(labels,)``.

    Raises:
        ConfigError: If the numbers make no grid.
    """
    return best_thresholds(labels, probabilities, vmin=vmin, vmax=vmax, step=step)
