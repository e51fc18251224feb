"""Intervals of numbers, from the samples of a bootstrap."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Interval", "percentile_intervals"]


@dataclass(frozen=True)
class Interval:
    """A number and how far it could lie from what was measured.

    Attributes:
        value: Measured on the rows as they are.
        lower: Lower end.
        upper: Upper end.
        missing_samples: Share of the samples that do not have the number. The interval is of the
            others, and says less than it seems to.
    """

    value: float
    lower: float
    upper: float
    missing_samples: float = 0.0

    def to_dict(self) -> dict[str, float]:
        """Give ``value``, ``lower`` and ``upper``, and ``missing_samples`` if there are any."""
        ends = {"value": self.value, "lower": self.lower, "upper": self.upper}
        missing = {"missing_samples": self.missing_samples} if self.missing_samples else {}
        return ends | missing


def percentile_intervals(
    measured: NDArray[np.float64], samples: NDArray[np.float64], ends: tuple[float, float]
) -> list[Interval | None]:
    """Take the ends of intervals among the samples.

    Samples that do not have a number (no row of a label was drawn) are left out, and counted.

    Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13.

    Args:
        measured: On the rows as they are. Shape: ``(numbers,)``.
        samples: On each sample, NaN where it has none. Shape: ``(samples, numbers)``.
        ends: Both ends in percent.

    Returns:
        For each number its interval, or ``None`` if the rows do not have it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of numbers that no sample has
        lower, upper = np.nanpercentile(samples, ends, axis=0)
    missing = np.isnan(samples).mean(axis=0)
    return [
        None if np.isnan(value) else Interval(float(value), float(low), float(high), float(share))
        for value, low, high, share in zip(measured, lower, upper, missing, strict=True)
    ]
