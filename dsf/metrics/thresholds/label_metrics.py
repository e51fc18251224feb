"""How good the answers for one label are, by counts: what a threshold may be chosen by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from dsf.core.errors import ConfigError, Problem
from dsf.core.suggestions import did_you_mean
from dsf.metrics.label_counts import divide

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["THRESHOLD_METRICS", "LabelMetric", "label_metric"]

LabelMetric: TypeAlias = "Callable[[NDArray[Any], NDArray[Any], int, int], NDArray[np.float64]]"
"""Takes hits and answers at each threshold, and the numbers of rows with the label and of all."""

_F_BETA = re.compile(r"f(\d+(?:\.\d+)?)")


def label_metric(name: str) -> LabelMetric:
    """Find a metric of one label by its name.

    Args:
        name: One of :data:`THRESHOLD_METRICS`, or ``f`` with a number: ``f2`` is F-beta with beta
            2, to which recall is twice as important as precision; ``f0.5`` the other way round.

    Raises:
        ConfigError: If there is none.
    """
    if name in THRESHOLD_METRICS:
        return THRESHOLD_METRICS[name]
    found = _F_BETA.fullmatch(str(name))
    if found and float(found[1]) > 0:
        return _f_beta(float(found[1]))
    known = ", ".join(THRESHOLD_METRICS)
    message = (
        f"must be one of {known}, or f with a number above 0 such as f2, but is {name!r}."
        f"{did_you_mean(str(name), THRESHOLD_METRICS)}"
    )
    raise ConfigError("Thresholds cannot be chosen.", [Problem("threshold_metric", message)])


def _accuracy(
    hits: NDArray[Any], answered: NDArray[Any], true: int, rows: int
) -> NDArray[np.float64]:
    return divide(rows - true - answered + 2 * hits, np.full(len(hits), rows))


def _balanced_accuracy(
    hits: NDArray[Any], answered: NDArray[Any], true: int, rows: int
) -> NDArray[np.float64]:
    """Mean of the shares that are right among rows with the label and among those without."""
    without = rows - true
    found = divide(hits, np.full(len(hits), true))
    left_alone = divide(without - answered + hits, np.full(len(hits), without))
    return (found + left_alone) / 2


def _f_beta(beta: float) -> LabelMetric:
    """Make the weighted harmonic mean of precision and recall.

    Source: van Rijsbergen 1979, "Information Retrieval", chapter 7.
    """
    weight = beta**2

    def score(
        hits: NDArray[Any],
        answered: NDArray[Any],
        true: int,
        rows: int,  # noqa: ARG001
    ) -> NDArray[np.float64]:
        return divide((1 + weight) * hits, answered + weight * true)

    return score


def _mcc(hits: NDArray[Any], answered: NDArray[Any], true: int, rows: int) -> NDArray[np.float64]:
    """Matthews' correlation coefficient.

    Source: Matthews 1975, https://doi.org/10.1016/0005-2795(75)90109-9.
    """
    # As floats: the product of four counts is beyond 64-bit integers.
    hits, answered = hits.astype(np.float64), answered.astype(np.float64)
    spread = float(true) * float(rows - true) * answered * (rows - answered)
    return divide(hits * rows - answered * true, np.sqrt(spread))


def _precision(
    hits: NDArray[Any],
    answered: NDArray[Any],
    true: int,  # noqa: ARG001
    rows: int,  # noqa: ARG001
) -> NDArray[np.float64]:
    return divide(hits, answered)


def _recall(
    hits: NDArray[Any],
    answered: NDArray[Any],  # noqa: ARG001
    true: int,
    rows: int,  # noqa: ARG001
) -> NDArray[np.float64]:
    return divide(hits, np.full(len(hits), true))


THRESHOLD_METRICS: dict[str, LabelMetric] = {
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "f1": _f_beta(1.0),
    "mcc": _mcc,
    "precision": _precision,
    "recall": _recall,
}
"""Name → metric of one label. F-beta has a name for every beta: see :func:`label_metric`."""
