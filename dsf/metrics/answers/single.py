"""One label a row."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from dsf.metrics.answers.label_sums import count_pairs
from dsf.metrics.answers.scored import ScoredAnswers, as_float64
from dsf.metrics.confusion import encode_labels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.core.predictions import Predictions
    from dsf.metrics.statistics.row_kinds import RowKinds

__all__ = ["SingleAnswers"]


class SingleAnswers(ScoredAnswers):
    """One true and one answered label of each row.

    Args:
        predictions: What the model answered.

    Attributes:
        true_codes: Number of each row's true label. Shape: ``(rows,)``.
        answer_codes: Number of each row's answered label. Shape: ``(rows,)``.

    Raises:
        DataError: If a row has no known label; names the rows.
    """

    kind: ClassVar[str] = "single"

    def __init__(self, predictions: Predictions) -> None:
        self.predictions = predictions
        self.labels = list(predictions.labels)
        self.row_ids = np.asarray(predictions.row_ids)
        self.probabilities = as_float64(predictions.probabilities)
        self.true_codes, self.answer_codes = encode_labels(
            predictions.targets, predictions.predictions, self.labels, row_ids=predictions.row_ids
        )

    @cached_property
    def label_sums(self) -> RowKinds:
        """A row adds its true label, its answered one, and a hit if they are one."""
        return count_pairs(self.true_codes, self.answer_codes, len(self.labels))

    @property
    def truth(self) -> NDArray[np.bool_]:
        """Whether a label is the row's true one. Shape: ``(rows, labels)``."""
        return np.asarray(self.true_codes[:, None] == np.arange(len(self.labels)))
