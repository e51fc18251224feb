"""What precision, recall and F1 are made of, whatever the task: three counts a label.

A label a row, several labels a row and entities in a text differ only in what is counted.

One average for all of them:

- ``"micro"``: counts of all labels are added first, then divided.
- ``"macro"``: the mean over the labels that occur in the truth or in the answers. A label that
  nobody used says nothing about a model, so it does not pull the mean down.
- ``"weighted"``: the mean over the labels, each weighted by how often it is true.
- ``None``: no average, one number a label.

Wherever the divisor is zero (a label that was never answered has no precision, one that never
occurs has no recall), the score is 0.0. All of this agrees with scikit-learn, called without
``labels`` and with ``zero_division=0``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from dsf.core.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

__all__ = ["AVERAGES", "Average", "LabelCounts", "divide"]

Average: TypeAlias = Literal["micro", "macro", "weighted"]
"""How the scores of the labels become one number."""

AVERAGES: tuple[Average, ...] = ("micro", "macro", "weighted")


@dataclass(frozen=True)
class LabelCounts:
    """How often each label was found, was there to be found, and was answered.

    Attributes:
        hits: Answers that are right. Shape: ``(labels,)``.
        true: Occurrences in the truth. Shape: ``(labels,)``.
        answered: Answers, right or wrong. Shape: ``(labels,)``.
    """

    hits: NDArray[np.int64]
    true: NDArray[np.int64]
    answered: NDArray[np.int64]

    def precision(self, average: Average | None = "macro") -> float | NDArray[np.float64]:
        """Share of the answers of a label that are right.

        Returns:
            A number from 0 to 1, or one a label. Shape: ``(labels,)`` if ``average`` is ``None``.

        Raises:
            ConfigError: If there is no such average.
        """
        return self._average(average, lambda hits, _, answered: divide(hits, answered))

    def recall(self, average: Average | None = "macro") -> float | NDArray[np.float64]:
        """Share of the occurrences of a label that were found.

        Returns:
            A number from 0 to 1, or one a label. Shape: ``(labels,)`` if ``average`` is ``None``.

        Raises:
            ConfigError: If there is no such average.
        """
        return self._average(average, lambda hits, true, _: divide(hits, true))

    def f1(self, average: Average | None = "macro") -> float | NDArray[np.float64]:
        """Harmonic mean of precision and recall.

        Returns:
            A number from 0 to 1, or one a label. Shape: ``(labels,)`` if ``average`` is ``None``.

        Raises:
            ConfigError: If there is no such average.
        """
        return self._average(
            average, lambda hits, true, answered: divide(2 * hits, true + answered)
        )

    def _average(
        self,
        average: Average | None,
        score: Callable[[Any, Any, Any], NDArray[np.float64]],
    ) -> float | NDArray[np.float64]:
        """Score each label by its counts, then average."""
        if average is not None and average not in AVERAGES:
            message = f"must be one of {', '.join(AVERAGES)}, but is {average!r}."
            raise ConfigError("The scores cannot be averaged.", [Problem("average", message)])
        if average == "micro":
            return float(score(self.hits.sum(), self.true.sum(), self.answered.sum()))
        scores = score(self.hits, self.true, self.answered)
        if average is None:
            return scores
        weights = self.true if average == "weighted" else (self.true + self.answered) > 0
        return float(divide((scores * weights).sum(), weights.sum()))


def divide(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """Divide, with 0.0 wherever the divisor is zero."""
    numerator, divisor = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    return np.divide(numerator, divisor, out=np.zeros_like(numerator), where=divisor != 0)
