"""One label of each of several outputs a row."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from dsf.metrics.answers.answers import Answers
from dsf.metrics.answers.single import SingleAnswers
from dsf.metrics.statistics.row_kinds import RowKinds

if TYPE_CHECKING:
    from dsf.core.multi_output_predictions import MultiOutputPredictions

__all__ = ["OutputAnswers"]


class OutputAnswers(Answers):
    """The answers for each output; all of the same rows.

    Args:
        predictions: What the model answered.

    Attributes:
        outputs: Name of each output and its answers.
    """

    kind: ClassVar[str] = "multi_output"

    def __init__(self, predictions: MultiOutputPredictions) -> None:
        self.predictions = predictions
        self.outputs = {name: SingleAnswers(one) for name, one in predictions.outputs.items()}
        self.labels = list(self.outputs)
        self.row_ids = np.asarray(predictions.row_ids)

    @cached_property
    def label_sums(self) -> RowKinds:
        """A row has no counts of labels here, only whether all its outputs are right."""
        right = [each.true_codes == each.answer_codes for each in self.outputs.values()]
        codes = np.all(right, axis=0).astype(np.intp)
        return RowKinds(codes, np.array([[0.0, 1.0], [1.0, 1.0]]))
