"""How each kind of predictions is counted."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.tag_predictions import TagPredictions
from dsf.core.tagging import OUTSIDE, split_tag, tags_to_spans
from dsf.metrics.confusion import confusion_matrix
from dsf.metrics.label_counts import divide
from dsf.metrics.multilabel import count_labels_of_rows, subset_accuracy
from dsf.metrics.results.counted import Counted, count_answers
from dsf.metrics.spans import count_spans

if TYPE_CHECKING:
    from dsf.core.predictions import Predictions

__all__ = ["count_predictions"]


def count_predictions(
    predictions: Predictions | MultiLabelPredictions | TagPredictions,
) -> Counted:
    """Count truth and answers: rows, labels of rows, entities, or tags that stand alone.

    Entities are read strictly, truth and answers alike: tags that break their scheme make none
    (:func:`dsf.core.tagging.tags_to_spans`).

    Raises:
        DataError: If a row has no known label; names the rows.
    """
    if isinstance(predictions, MultiLabelPredictions):
        return _count_labels(predictions)
    if isinstance(predictions, TagPredictions):
        if predictions.scheme is None:
            return _count_tags(predictions)
        return _count_entities(predictions, predictions.scheme)
    matrix = confusion_matrix(
        predictions.targets,
        predictions.predictions,
        predictions.labels,
        row_ids=predictions.row_ids,
    )
    return count_answers(matrix, predictions.labels)


def _count_labels(predictions: MultiLabelPredictions) -> Counted:
    rows, answers = len(predictions.row_ids), predictions.predictions
    counts = count_labels_of_rows(predictions.targets, answers)
    described = {
        label: {
            "tp": int(hits),
            "tn": int(rows - true - answered + hits),
            "fp": int(answered - hits),
            "fn": int(true - hits),
        }
        for label, hits, true, answered in zip(
            predictions.labels, counts.hits, counts.true, counts.answered, strict=True
        )
    }
    right = subset_accuracy(predictions.targets, answers)
    return Counted(list(predictions.labels), counts, right, None, described)


def _count_tags(predictions: TagPredictions) -> Counted:
    """Count the tokens, each with a tag that stands alone."""
    sizes = [len(row) for row in predictions.tokens]
    matrix = confusion_matrix(
        list(chain.from_iterable(predictions.targets)),
        list(chain.from_iterable(predictions.predictions)),
        predictions.tags,
        row_ids=np.repeat(predictions.row_ids, sizes),
    )
    counted = count_answers(matrix, predictions.tags)
    return counted._replace(confusion_matrix=counted.confusion_matrix | {"counted": "tokens"})


def _count_entities(predictions: TagPredictions, scheme: str) -> Counted:
    labels = list(dict.fromkeys(split_tag(tag)[1] for tag in predictions.tags if tag != OUTSIDE))
    true = [tags_to_spans(tags, scheme) for tags in predictions.targets]
    answered = [tags_to_spans(tags, scheme) for tags in predictions.predictions]
    counts = count_spans(true, answered, labels)
    described = {
        label: {"tp": int(hits), "fp": int(given - hits), "fn": int(there - hits)}
        for label, hits, there, given in zip(
            labels, counts.hits, counts.true, counts.answered, strict=True
        )
    }
    pairs = zip(
        chain.from_iterable(predictions.targets),
        chain.from_iterable(predictions.predictions),
        strict=True,
    )
    right = np.array([target == answer for target, answer in pairs], dtype=bool)
    return Counted(labels, counts, float(divide(right.sum(), right.size)), None, described)
