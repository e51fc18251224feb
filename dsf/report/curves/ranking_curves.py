"""Precision over recall, and the ROC curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Curve", "Ranking", "precision_recall_curve", "rank_answers", "roc_curve"]


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


class Ranking(NamedTuple):
    """What is answered at each threshold, the highest first; both curves are drawn from it.

    Attributes:
        hits: How many answers at or above it are true. Shape: ``(thresholds,)``.
        wrong: How many are not. Shape: ``(thresholds,)``.
    """

    hits: NDArray[np.float64]
    wrong: NDArray[np.float64]


def rank_answers(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> Ranking:
    """Sort answers and count what is true at or above each distinct score.

    Args:
        truth: Whether a label is true. Shape: ``(answers,)``.
        scores: Probability that it is. Shape: ``(answers,)``.
    """
    order = np.argsort(scores)[::-1]  # how ties are broken counts for nothing
    ranked, true = scores[order], truth[order]
    places = np.flatnonzero(np.append(np.diff(ranked) != 0, True)[: len(ranked)])
    hits = np.cumsum(true)[places].astype(np.float64)
    return Ranking(hits, places + 1.0 - hits)


def precision_recall_curve(ranking: Ranking) -> Curve | None:
    """Give the precision at each recall that a threshold can reach.

    The area is the average precision: a sum of steps, without interpolation. So the precision of a
    point holds from the recall before it up to its own.

    Source: Davis and Goadrich 2006, "The Relationship Between Precision-Recall and ROC Curves",
    https://doi.org/10.1145/1143844.1143874.

    Args:
        ranking: Of the answers.

    Returns:
        Recall from 0 to 1 and precision; ``None`` if the label is never true.
    """
    hits, wrong = ranking
    if not hits.size or not hits[-1]:
        return None
    recall, precision = hits / hits[-1], hits / (hits + wrong)
    area = float(np.sum(np.diff(recall, prepend=0.0) * precision))
    return Curve(np.append(0.0, recall), np.append(precision[:1], precision), area)


def roc_curve(ranking: Ranking) -> Curve | None:
    """Give the share of true ones found at each share of false alarms.

    Args:
        ranking: Of the answers.

    Returns:
        False and true positive rate, from 0 to 1; ``None`` if the label is always or never true.
    """
    hits, wrong = ranking
    if not hits.size or not hits[-1] or not wrong[-1]:
        return None
    found, alarms = np.append(0.0, hits / hits[-1]), np.append(0.0, wrong / wrong[-1])
    return Curve(alarms, found, float(np.trapezoid(found, alarms)))
