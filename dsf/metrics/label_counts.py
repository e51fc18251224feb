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
``labels`` and with ``zero_division=0``; but where a row may have several labels, its macro average
counts a label that nobody used as 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from dsf.core.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import ArrayLike, NDArray

__all__ = ["AVERAGES", "Average", "LabelCounts", "divide"]

Average: TypeAlias = Literal["micro", "macro", "weighted"]
"""How the scores of the labels become one number."""

AVERAGES: tuple[Average, ...] = ("micro", "macro", "weighted")


@dataclass(frozen=True)
class LabelCounts:
    """How often each label was found, was there to be found, and was answered.

    The labels are the last axis: before it, there may be one for the samples of a bootstrap.

    Attributes:
        hits: Answers that are right. Shape: ``(..., labels)``.
        true: Occurrences in the truth. Shape: ``(..., labels)``.
        answered: Answers, right or wrong. Shape: ``(..., labels)``.
    """

    hits: NDArray[Any]
    true: NDArray[Any]
    answered: NDArray[Any]

    def precision(self, average: Average | None = "macro") -> float | NDArray[np.float64]:
        """Share of the answers of a label that are right.

        Returns:
            From 0 to 1. Shape: ``(...)``, a plain number where there is one set of counts alone;
            ``(..., labels)`` if ``average`` is ``None``.

        Raises:
            ConfigError: If there is no such average.
        """
        return self._average(average, lambda hits, _, answered: divide(hits, answered))

    def recall(self, average: Average | None = "macro") -> float | NDArray[np.float64]:
        """Share of the occurrences of a label that were found.

        Returns:
            From 0 to 1. Shape: ``(...)``, a plain number where there is one set of counts alone;
            ``(..., labels)`` if ``average`` is ``None``.

        Raises:
            ConfigError: If there is no such average.
        """
        return self._average(average, lambda hits, true, _: divide(hits, true))

    def f1(self, average: Average | None = "macro") -> float | NDArray[np.float64]:
        """Harmonic mean of precision and recall.

        Returns:
            From 0 to 1. Shape: ``(...)``, a plain number where there is one set of counts alone;
            ``(..., labels)`` if ``average`` is ``None``.

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
        if average is None:
            return score(self.hits, self.true, self.answered)
        if average == "micro":
            return _plain(score(*(one.sum(axis=-1) for one in self)))
        scores = score(self.hits, self.true, self.answered)
        weights = self.true if average == "weighted" else (self.true + self.answered) > 0
        return _plain(divide((scores * weights).sum(axis=-1), weights.sum(axis=-1)))

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return iter((self.hits, self.true, self.answered))


def _plain(scores: NDArray[np.float64]) -> float | NDArray[np.float64]:
    return scores if scores.ndim else float(scores)


def divide(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """Divide, with 0.0 wherever the divisor is zero."""
    numerator, divisor = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    return np.divide(numerator, divisor, out=np.zeros_like(numerator), where=divisor != 0)
