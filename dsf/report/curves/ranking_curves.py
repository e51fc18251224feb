"""Precision over recall, and the ROC curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Curve", "precision_recall_curve", "roc_curve"]


class Curve(NamedTuple):
    """Points of a curve, from left to right.

    Attributes:
        x: Shape: ``(points,)``.
        y: Shape: ``(points,)``.
        area: One number for the whole curve, from 0 to 1.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    area: float


def precision_recall_curve(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> Curve | None:
    """Give the precision at each recall that a threshold can reach.

    The area is the average precision: a sum of steps, without interpolation.

    Source: Davis and Goadrich 2006, "The Relationship Between Precision-Recall and ROC Curves",
    https://doi.org/10.1145/1143844.1143874.

    Args:
        truth: Whether a label is true. Shape: ``(answers,)``.
        scores: Probability that it is. Shape: ``(answers,)``.

    Returns:
        Recall from 0 to 1 and precision; ``None`` if the label is never true.
    """
    hits, wrong = _cumulate(truth, scores)
    if not hits.size or not hits[-1]:
        return None
    recall, precision = hits / hits[-1], hits / (hits + wrong)
    area = float(np.sum(np.diff(recall, prepend=0.0) * precision))
    return Curve(np.append(0.0, recall), np.append(precision[:1], precision), area)


def roc_curve(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> Curve | None:
    """Give the share of true ones found at each share of false alarms.

    Args:
        truth: Whether a label is true. Shape: ``(answers,)``.
        scores: Probability that it is. Shape: ``(answers,)``.

    Returns:
        False and true positive rate, from 0 to 1; ``None`` if the label is always or never true.
    """
    hits, wrong = _cumulate(truth, scores)
    if not hits.size or not hits[-1] or not wrong[-1]:
        return None
    found, alarms = np.append(0.0, hits / hits[-1]), np.append(0.0, wrong / wrong[-1])
    return Curve(alarms, found, float(np.trapezoid(found, alarms)))


def _cumulate(
    truth: NDArray[np.bool_], scores: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Count what is true and what is not at or above each distinct score, the highest first."""
    order = np.argsort(-scores, kind="stable")
    ranked, true = scores[order], truth[order].astype(np.float64)
    last = np.append(np.diff(ranked) != 0, True)[: len(ranked)]
    places = np.flatnonzero(last)
    return np.cumsum(true)[places], np.cumsum(1 - true)[places]
