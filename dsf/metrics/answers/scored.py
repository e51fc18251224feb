"""Answers that come with the probability of every label."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.metrics.answers.answers import Answers
from dsf.metrics.statistics.rankings import Rankings

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ScoredAnswers", "as_float64"]


class ScoredAnswers(Answers):
    """Answers of a model that may give probabilities.

    Attributes:
        probabilities: Of each label, or ``None`` if the model gives none. Shape:
            ``(rows, labels)``.
    """

    probabilities: NDArray[np.float64] | None

    @property
    @abstractmethod
    def truth(self) -> NDArray[np.bool_]:
        """Whether a row has a label. Shape: ``(rows, labels)``."""

    @cached_property
    def rankings(self) -> Rankings:
        """The rows ranked for each label by its probability."""
        assert self.probabilities is not None
        return Rankings(self.truth, self.probabilities)


def as_float64(probabilities: NDArray[Any] | None) -> NDArray[np.float64] | None:
    """Give probabilities in 64 bits: in 32, 1 is the neighbour of 0.99999994.

    Args:
        probabilities: Of any width, or ``None``.
    """
    return None if probabilities is None else np.asarray(probabilities, dtype=np.float64)
