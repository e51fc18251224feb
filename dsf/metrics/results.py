"""The results of one model on one set of rows, in the shape of ``metrics.json``."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, NamedTuple

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.metrics.confusion import confusion_matrix
from dsf.metrics.label_counts import AVERAGES, LabelCounts
from dsf.metrics.label_scores import accuracy, count_matrix
from dsf.metrics.multilabel import count_labels_of_rows, subset_accuracy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from dsf.core.predictions import Predictions
    from dsf.metrics.label_counts import Average

__all__ = ["SCORES", "score_predictions"]

CONFUSION_MATRIX = "confusion_matrix"


class _Counted(NamedTuple):
    """What all metrics of one set of predictions are computed from."""

    accuracy: float
    counts: LabelCounts
    confusion_matrix: dict[str, Any]


SCORES: dict[str, Callable[[_Counted, Average], Any]] = {
    "accuracy": lambda counted, _: counted.accuracy,
    "f1": lambda counted, average: counted.counts.f1(average),
    "precision": lambda counted, average: counted.counts.precision(average),
    "recall": lambda counted, average: counted.counts.recall(average),
}
"""What the names of the ``metrics`` section stand for, beside the confusion matrix itself."""


def score_predictions(
    predictions: Predictions | MultiLabelPredictions,
    metrics_config: Mapping[str, bool],
    average: Average = "macro",
) -> dict[str, Any]:
    """Compute the enabled metrics of one model's predictions.

    Args:
        predictions: Truth and answers. With two labels, the second one is the positive one.
        metrics_config: Name of each metric and whether it is wanted, in the order of the result.
        average: How precision, recall and F1 of the labels become one number; see
            :mod:`dsf.metrics.label_counts`. Accuracy has no average: it is the share of the rows
            that are answered exactly right.

    Returns:
        Plain Python numbers by metric. ``confusion_matrix`` is ``{"tp", "tn", "fp", "fn"}`` for
        two labels, else ``{"labels", "matrix"}`` with the truth in rows; of several labels a row
        it is label → ``{"tp", "tn", "fp", "fn"}``.

    Raises:
        ConfigError: If a metric or the average is not known; lists all of them.
        DataError: If there are no rows, or a row has no known label; names the rows.
    """
    _check_config(metrics_config, average)
    if not len(predictions.row_ids):
        message = "must have at least one row, but have none."
        raise DataError("There is nothing to score.", [Problem("predictions", message)])
    if isinstance(predictions, MultiLabelPredictions):
        counted = _count_several(predictions)
    else:
        counted = _count_one(predictions)
    return {
        name: counted.confusion_matrix
        if name == CONFUSION_MATRIX
        else float(SCORES[name](counted, average))
        for name, wanted in metrics_config.items()
        if wanted
    }


def _count_one(predictions: Predictions) -> _Counted:
    """Count predictions of one label a row."""
    matrix = confusion_matrix(
        predictions.targets,
        predictions.predictions,
        predictions.labels,
        row_ids=predictions.row_ids,
    )
    described = _describe(matrix, predictions.labels)
    return _Counted(accuracy(matrix), count_matrix(matrix), described)


def _count_several(predictions: MultiLabelPredictions) -> _Counted:
    """Count predictions of several labels a row."""
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
    return _Counted(subset_accuracy(predictions.targets, answers), counts, described)


def _check_config(metrics_config: Mapping[str, bool], average: str) -> None:
    known = sorted([*SCORES, CONFUSION_MATRIX])
    problems = []
    for name in metrics_config:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            message = f"must be one of {', '.join(known)}.{hint}"
            problems.append(Problem(f"metrics.{name}", message))
    if average not in AVERAGES:
        message = f"must be one of {', '.join(AVERAGES)}, but is {average!r}."
        problems.append(Problem("model_config.average", message))
    if problems:
        raise ConfigError("The metrics cannot be computed as configured.", problems)


def _describe(matrix: NDArray[np.int64], labels: Sequence[Any]) -> dict[str, Any]:
    """Put the counts into words that JSON can keep."""
    if len(labels) == 2:
        (tn, fp), (fn, tp) = matrix.tolist()
        return {"tp": tp, "tn": tn, "fp": fp, "fn": fn}
    plain = [label.item() if hasattr(label, "item") else label for label in labels]
    return {"labels": plain, "matrix": matrix.tolist()}
