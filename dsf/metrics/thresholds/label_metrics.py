"""How good the answers for one label are, by counts: what a threshold may be chosen by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from dsf.core.errors import ConfigError, Problem
from dsf.core.suggestions import did_you_mean
from dsf.metrics.label_counts import divide

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["THRESHOLD_METRICS", "CountScore", "LabelMetric", "label_metric"]

CountScore: TypeAlias = "Callable[[NDArray[Any], NDArray[Any], int, int], NDArray[np.float64]]"
"""Takes hits and answers at each threshold, and the numbers of rows with the label and of all."""

_F_BETA = re.compile(r"f(\d+(?:\.\d+)?)")


class LabelMetric(NamedTuple):
    """A metric of one label.

    Attributes:
        score: Gives its value at each threshold; 0 where the divisor is 0.
        less_is_better: Whether it is a loss.
        highest: Whether the highest of equally good thresholds is chosen, and not the lowest,
            which would only answer more for nothing.
    """

    score: CountScore
    less_is_better: bool = False
    highest: bool = False


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
    found = _F_BETA.fullmatch(name)
    if found and float(found[1]) > 0:
        return LabelMetric(_f_beta(float(found[1])))
    known = ", ".join(THRESHOLD_METRICS)
    message = (
        f"must be one of {known}, or f with a number above 0 such as f2, or a reference to a "
        f"function such as 'trainer.costs:saved_money', but is {name!r}."
        f"{did_you_mean(name, THRESHOLD_METRICS)}"
    )
    raise ConfigError("Thresholds cannot be chosen.", [Problem("threshold_metric", message)])


def _accuracy(
    hits: NDArray[Any], answered: NDArray[Any], true: int, rows: int
) -> NDArray[np.float64]:
    return divide(_right(hits, answered, true, rows), np.full(len(hits), rows))


def _balanced_accuracy(
    hits: NDArray[Any], answered: NDArray[Any], true: int, rows: int
) -> NDArray[np.float64]:
    """Mean of the shares that are right among rows with the label and among those without."""
    return (_tpr(hits, answered, true, rows) + _tnr(hits, answered, true, rows)) / 2


def _cohen_kappa(
    hits: NDArray[Any], answered: NDArray[Any], true: int, rows: int
) -> NDArray[np.float64]:
    """Agreement beyond chance; 0 where truth and answers are all alike, as chance would have it.

    Source: Cohen 1960, "A coefficient of agreement for nominal scales".
    """
    by_chance = true * answered + (rows - true) * (rows - answered)
    return divide(_right(hits, answered, true, rows) * rows - by_chance, rows**2 - by_chance)


def _f_beta(beta: float) -> CountScore:
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


def _fnr(
    hits: NDArray[Any],
    answered: NDArray[Any],  # noqa: ARG001
    true: int,
    rows: int,  # noqa: ARG001
) -> NDArray[np.float64]:
    return divide(true - hits, np.full(len(hits), true))


def _fpr(hits: NDArray[Any], answered: NDArray[Any], true: int, rows: int) -> NDArray[np.float64]:
    return divide(answered - hits, np.full(len(hits), rows - true))


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


def _tnr(hits: NDArray[Any], answered: NDArray[Any], true: int, rows: int) -> NDArray[np.float64]:
    without = rows - true
    return divide(without - answered + hits, np.full(len(hits), without))


def _tpr(
    hits: NDArray[Any],
    answered: NDArray[Any],  # noqa: ARG001
    true: int,
    rows: int,  # noqa: ARG001
) -> NDArray[np.float64]:
    return divide(hits, np.full(len(hits), true))


def _right(hits: NDArray[Any], answered: NDArray[Any], true: int, rows: int) -> NDArray[Any]:
    """Count the rows that are answered as they should be, with the label or without it."""
    return np.asarray(rows - true - answered + 2 * hits)


THRESHOLD_METRICS: dict[str, LabelMetric] = {
    "accuracy": LabelMetric(_accuracy),
    "balanced_accuracy": LabelMetric(_balanced_accuracy),
    "cohen_kappa": LabelMetric(_cohen_kappa),
    "f1": LabelMetric(_f_beta(1.0)),
    "fnr": LabelMetric(_fnr, less_is_better=True, highest=True),
    "fpr": LabelMetric(_fpr, less_is_better=True),
    "mcc": LabelMetric(_mcc),
    "precision": LabelMetric(_precision),
    "recall": LabelMetric(_tpr, highest=True),
    "tnr": LabelMetric(_tnr),
    "tpr": LabelMetric(_tpr, highest=True),
}
"""Name → metric of one label. F-beta has a name for every beta: see :func:`label_metric`."""
