"""How well a model tells labels apart, and how well it would by chance."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["highest_by_chance", "mean_recall"]

_DEVIATIONS = 3.0


def mean_recall(predictions: AnyPredictions) -> float:
    """Give the mean over the labels of the share of each that is answered right.

    Also known as balanced accuracy. A frequent label counts no more than a rare one, so that
    whoever answers without looking, be it always the same, gets 1 / labels. It is a mean over
    outputs, and over labels that are there or not (two labels each).
    """
    return float(np.mean([np.mean(_recalls(*pair)) for pair in _pairs(predictions)]))


def highest_by_chance(predictions: AnyPredictions) -> float:
    """Give the :func:`mean_recall` above which a model has learned something.

    It is that of answers without looking, and three standard deviations of it when each label is
    answered as often as any other (a mean of binomial shares).
    """
    chances, variances = [], []
    for targets, _ in _pairs(predictions):
        sizes = np.unique(targets, return_counts=True)[1]
        chance = 1.0 / len(sizes)
        chances.append(chance)
        variances.append((chance * (1.0 - chance) / sizes).sum() / len(sizes) ** 2)
    deviation = np.sqrt(sum(variances)) / len(chances)
    return float(np.mean(chances) + _DEVIATIONS * deviation)


def _recalls(targets: np.ndarray, answers: np.ndarray) -> list[float]:
    return [float((answers[targets == label] == label).mean()) for label in np.unique(targets)]


def _pairs(predictions: AnyPredictions) -> list[tuple[np.ndarray, np.ndarray]]:
    """Give truth and answers of each question that a row is asked."""
    if isinstance(predictions, MultiOutputPredictions):
        return [pair for one in predictions.outputs.values() for pair in _pairs(one)]
    targets: Any = predictions.targets
    answers: Any = predictions.predictions
    if isinstance(predictions, TagPredictions):
        return [(np.array([*chain(*targets)]), np.array([*chain(*answers)]))]
    if isinstance(predictions, MultiLabelPredictions):
        return list(zip(targets.T, answers.T, strict=True))
    return [(np.asarray(targets), np.asarray(answers))]
