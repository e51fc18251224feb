"""Any number of labels a row."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from dsf.metrics.answers.label_sums import count_switches
from dsf.metrics.answers.scored import ScoredAnswers, as_float64
from dsf.metrics.multilabel import as_switches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.core.multilabel_predictions import MultiLabelPredictions
    from dsf.metrics.statistics.row_kinds import RowKinds

__all__ = ["MultiLabelAnswers"]


class MultiLabelAnswers(ScoredAnswers):
    """The true and the answered labels of each row.

    Args:
        predictions: What the model answered.

    Attributes:
        answered: Whether a label was answered. Shape: ``(rows, labels)``.
    """

    kind: ClassVar[str] = "multilabel"

    def __init__(self, predictions: MultiLabelPredictions) -> None:
        self.predictions = predictions
        self.labels = list(predictions.labels)
        self.row_ids = np.asarray(predictions.row_ids)
        self.probabilities = as_float64(predictions.probabilities)
        self._truth, self.answered = as_switches(predictions.targets, predictions.predictions)

    @cached_property
    def label_sums(self) -> RowKinds:
        """A row adds each of its labels, each of its answers, and a hit for what is both."""
        return count_switches(self._truth, self.answered)

    @property
    def truth(self) -> NDArray[np.bool_]:
        """Whether a row has a label. Shape: ``(rows, labels)``."""
        return self._truth
