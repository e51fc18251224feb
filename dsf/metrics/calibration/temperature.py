"""One number that makes a model more or less sure, and changes no order of probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit, logit

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["Temperature"]

_COLDEST, _HOTTEST = 0.1, 10.0
_SUREST = 1 - 2.0**-24  # the float32 before 1: what a network calls 1 was rounded


@dataclass(frozen=True)
class Temperature:
    """What scores are divided by before softmax or sigmoid makes probabilities of them.

    Above 1 it makes a model less sure, below 1 surer. Scores are not needed: up to a constant, the
    logarithms of a row's probabilities are its scores, and the log-odds of a probability are that
    label's.

    Attributes:
        value: The temperature, from 0.1 to 10. No unit.

    Source: Guo et al. 2017, "On Calibration of Modern Neural Networks",
    https://arxiv.org/abs/1706.04599, section 4.2.
    """

    value: float

    @classmethod
    def of_rows(cls, probabilities: NDArray[np.float64], codes: NDArray[Any]) -> Temperature | None:
        """Find the temperature with the lowest log loss, where each row has one label.

        Args:
            probabilities: Of the labels; those of a row sum to 1. Shape: ``(rows, labels)``.
            codes: Number of each row's true label. Rows that give it the probability 0 are left
                out: no temperature mends them. Shape: ``(rows,)``.

        Returns:
            ``None`` if surer is better without end, as it is for rows that are all right: they do
            not say how sure is too sure.
        """
        true = probabilities[np.arange(len(codes)), codes]
        found, true = probabilities[true > 0], true[true > 0]
        scores = np.log(np.where(found > 0, found, 1.0))

        def slope(inverse: float) -> float:
            """Derive the mean log loss by one over the temperature; it only rises."""
            warm = _soften(found, inverse)
            return float(((warm * scores).sum(axis=1) - np.log(true)).mean())

        return cls._at_zero(slope) if len(true) else None

    @classmethod
    def of_label(
        cls, probabilities: NDArray[np.float64], true: NDArray[np.bool_]
    ) -> Temperature | None:
        """Find the temperature with the lowest log loss of one label that rows have or not.

        Args:
            probabilities: Of the label. Rows with 0 are left out unless they have the label.
                Shape: ``(rows,)``.
            true: Whether a row has it. Shape: ``(rows,)``.

        Returns:
            ``None`` if surer is better without end, or rows lack that have the label, or that have
            it not.
        """
        told = probabilities > 0
        scores, true = _log_odds(probabilities[told]), true[told]
        if true.all() or not true.any():
            return None
        return cls._at_zero(
            lambda inverse: float(((expit(inverse * scores) - true) * scores).mean())
        )

    @classmethod
    def _at_zero(cls, slope: Callable[[float], float]) -> Temperature | None:
        """Find where the loss, which is convex in one over the temperature, is lowest."""
        lowest, highest = 1 / _HOTTEST, 1 / _COLDEST
        if slope(highest) <= 0:
            return None
        if slope(lowest) >= 0:
            return cls(_HOTTEST)
        from scipy.optimize import brentq  # slow to load

        return cls(float(1 / brentq(slope, lowest, highest, xtol=1e-10)))

    def of_all(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Change the probabilities of rows with one label each. Shape: ``(rows, labels)``."""
        return _soften(probabilities, 1 / self.value)

    def of_each(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Change probabilities of a label that rows have or not. Shape: any."""
        warm = expit(_log_odds(probabilities) / self.value)
        return np.asarray(np.where(probabilities > 0, warm, 0.0), dtype=np.float64)

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {"temperature": self.value}


def _soften(probabilities: NDArray[np.float64], inverse: float) -> NDArray[np.float64]:
    """Raise to a power and let rows sum to 1 again; 0 stays 0."""
    largest = probabilities.max(axis=1, keepdims=True)
    warm = (probabilities / largest) ** inverse
    return np.asarray(warm / warm.sum(axis=1, keepdims=True))


def _log_odds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    smallest = np.finfo(np.float64).tiny
    return np.asarray(logit(np.clip(probabilities, smallest, _SUREST)), dtype=np.float64)
