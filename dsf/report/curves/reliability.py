"""Whether probabilities can be taken at their word."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Bins", "reliability_bins"]

_Z = 1.959963984540054  # of an interval of 95 %


class Bins(NamedTuple):
    """Answers of like probability together; bins without any are left out.

    Attributes:
        claimed: Mean probability of each bin. Shape: ``(bins,)``.
        share: Share of its answers that turned out true. Shape: ``(bins,)``.
        lower: Lower end of that share's 95 % interval. Shape: ``(bins,)``.
        upper: Upper end. Shape: ``(bins,)``.
        counts: How many answers there are. Shape: ``(bins,)``.
    """

    claimed: NDArray[np.float64]
    share: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    counts: NDArray[np.intp]


def reliability_bins(
    claimed: NDArray[np.float64], true: NDArray[np.bool_], bins: int = 10
) -> Bins | None:
    """Put answers into bins of equal width by their probability, to be drawn.

    The metric ``expected_calibration_error`` is a number of other, narrower bins, and of several
    labels the mean of theirs: no number is given here that would contradict it.

    Source: Guo et al. 2017, "On Calibration of Modern Neural Networks",
    https://arxiv.org/abs/1706.04599, section 2. Intervals: Wilson 1927, "Probable Inference, the
    Law of Succession, and Statistical Inference", https://doi.org/10.1080/01621459.1927.10502953.

    Args:
        claimed: Probability of each answer, from 0 to 1. Shape: ``(answers,)``.
        true: Whether it turned out true. Shape: ``(answers,)``.
        bins: How many bins there are from 0 to 1.

    Returns:
        The bins that have answers; ``None`` if there is no answer.
    """
    if not len(claimed):
        return None
    places = np.minimum((claimed * bins).astype(np.intp), bins - 1)
    counts = np.bincount(places, minlength=bins)
    there = counts > 0
    size = counts[there]
    mean = np.bincount(places, claimed, minlength=bins)[there] / size
    share = np.bincount(places, true.astype(np.float64), minlength=bins)[there] / size
    lower, upper = _wilson(share, size)
    return Bins(mean, share, lower, upper, size)


def _wilson(
    share: NDArray[np.float64], size: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    weight = 1 + _Z**2 / size
    middle = (share + _Z**2 / (2 * size)) / weight
    half = _Z / weight * np.sqrt(share * (1 - share) / size + _Z**2 / (4 * size**2))
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)
