"""How sure a model is of a row as a whole, and whether all of it is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics.answers.single import SingleAnswers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.core.predictions import Predictions

__all__ = ["row_confidence"]


def row_confidence(
    predictions: AnyPredictions,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Give the confidence of each row, and whether its answer is right.

    A row is as sure as the least sure of its answers, and right if all of them are. Its answers are
    its label; one of each output; yes or no for each label it may have, of which a no is as sure as
    1 minus the probability; or a tag for each token. A row without tokens is right, for sure.

    Args:
        predictions: With probabilities.

    Returns:
        From 0 to 1, and yes or no. Shape of both: ``(rows,)``.

    Raises:
        DataError: If the answers have no probabilities.
    """
    if isinstance(predictions, MultiOutputPredictions):
        each = [_of_label(one) for one in predictions.outputs.values()]
        return np.min([one for one, _ in each], axis=0), np.all([two for _, two in each], axis=0)
    if isinstance(predictions, MultiLabelPredictions):
        if predictions.probabilities is None:
            raise _without()
        answered, found = predictions.predictions > 0, predictions.probabilities
        sure = np.where(answered, found, 1 - found).min(axis=1)
        return sure, (answered == predictions.targets.astype(bool)).all(axis=1)
    if isinstance(predictions, TagPredictions):
        pairs = zip(predictions.targets, predictions.predictions, strict=True)
        right = [list(true) == list(answered) for true, answered in pairs]
        sure = np.array([min(row, default=1.0) for row in predictions.confidences], dtype=float)
        return sure, np.array(right, dtype=bool)
    return _of_label(predictions)


def _of_label(predictions: Predictions) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    if predictions.probabilities is None:
        raise _without()
    answers = SingleAnswers(predictions)
    sure = predictions.probabilities[np.arange(answers.rows), answers.answer_codes]
    return sure, np.asarray(answers.true_codes == answers.answer_codes)


def _without() -> DataError:
    problem = Problem("predictions", "must come with probabilities, but do not.")
    return DataError("There is no confidence.", [problem])
