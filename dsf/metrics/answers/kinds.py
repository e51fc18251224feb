"""Which answers each kind of predictions makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics.answers.multilabel import MultiLabelAnswers
from dsf.metrics.answers.outputs import OutputAnswers
from dsf.metrics.answers.single import SingleAnswers
from dsf.metrics.answers.tags import EntityAnswers, TagAnswers

if TYPE_CHECKING:
    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.metrics.answers.answers import Answers

__all__ = ["answers_of"]


def answers_of(predictions: AnyPredictions) -> Answers:
    """Make the arrays that metrics are computed from.

    Raises:
        DataError: If a row has no known label; names the rows.
    """
    if isinstance(predictions, MultiLabelPredictions):
        return MultiLabelAnswers(predictions)
    if isinstance(predictions, MultiOutputPredictions):
        return OutputAnswers(predictions)
    if isinstance(predictions, TagPredictions):
        return TagAnswers(predictions) if predictions.scheme is None else EntityAnswers(predictions)
    return SingleAnswers(predictions)
