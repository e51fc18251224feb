"""From which probability on each label is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.metrics import best_thresholds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from dsf.metrics.thresholds import ThresholdMetric

__all__ = ["calculate_best_thresholds"]


def calculate_best_thresholds(
    labels: ArrayLike,
    probabilities: ArrayLike,
    vmin: float = 0.1,
    vmax: float = 0.9,
    step: float = 0.05,
    metric: ThresholdMetric = "f1",
    maximize: bool = True,
) -> NDArray[np.float64]:
    """Choose for each label the threshold with the highest F1; the lowest one on a tie.

    Another metric may take the place of F1, or a function of labels and answers, in this order.

    Args:
        labels: 1 where a validation row has a label, else 0. Shape: ``(rows, labels)``.
        probabilities: Shape: ``(rows, labels)``.
        vmin: The lowest threshold to try, above 0.
        vmax: The end of those to try, exclusive, below 1.
        step: Their distance.
        metric: As of :func:`dsf.metrics.best_thresholds`: a name, a function or a reference.
        maximize: Whether more of what a function gives is better; ``False`` for a loss.

    Returns:
        Shape: ``(labels,)``.

    Raises:
        ConfigError: If the numbers make no grid, or there is no such metric.
        DataError: If the shapes differ, a label is neither 0 nor 1, or a probability is not
            between 0 and 1; names the rows.
    """
    return best_thresholds(
        labels, probabilities, vmin, vmax, step, metric=metric, maximize=maximize
    )
