"""The pictures of what a model answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.metrics import Counted, count_predictions
from dsf.metrics.metric_faults import is_wanted
from dsf.report import confusion_matrix_figure, label_scores_figure, save_figure
from dsf.report.picture_names import CONFUSION_MATRIX, LABEL_SCORES, output_matrix

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["draw_predictions"]

_OF_LABELS = ("confusion_matrix", "f1", "precision", "recall")


def draw_predictions(
    predictions: AnyPredictions,
    metrics_config: Mapping[str, bool],
    folder: Path,
) -> None:
    """Draw what can be seen of answers: a confusion matrix, or the scores of each label.

    One label a row or token gives the matrix, each of several outputs its own; several labels a
    row and entities give the scores.

    Args:
        predictions: Truth and answers.
        metrics_config: Metric → whether it is wanted. Matrices are drawn if ``confusion_matrix``
            is; scores of labels also if a score of labels is.
        folder: Where the files go.
    """
    if not any(is_wanted(metrics_config.get(name)) for name in _OF_LABELS):
        return
    wants_matrix = bool(metrics_config.get("confusion_matrix"))
    if isinstance(predictions, MultiOutputPredictions):
        for number, (output, answers) in enumerate(predictions.outputs.items(), start=1):
            if wants_matrix:
                _draw_matrix(count_predictions(answers), folder / output_matrix(number, output))
        return
    counted = count_predictions(predictions)
    if counted.matrix is None:
        _draw_scores(counted, folder / LABEL_SCORES)
    elif wants_matrix:
        _draw_matrix(counted, folder / CONFUSION_MATRIX)


def _draw_matrix(counted: Counted, path: Path) -> None:
    if counted.matrix is not None:
        save_figure(confusion_matrix_figure(counted.matrix, counted.labels), path)


def _draw_scores(counted: Counted, path: Path) -> None:
    counts = counted.counts
    scores = {
        "precision": counts.precision(None),
        "recall": counts.recall(None),
        "f1": counts.f1(None),
    }
    # A tagger that has seen no entity at all has no labels, and nothing to draw.
    if counted.labels:
        save_figure(label_scores_figure(counted.labels, scores, counts.true), path)
