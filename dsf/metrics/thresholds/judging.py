"""Which of the thresholds that were tried is the best: by a metric of ours, or a function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from dsf.core.errors import ConfigError, Problem
from dsf.core.references import is_reference, resolve
from dsf.metrics.scores.own_number import own_number
from dsf.metrics.scores.own_parameters import name_of
from dsf.metrics.thresholds.label_metrics import label_metric

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.metrics.thresholds.trying import Tried

__all__ = ["Judge", "ThresholdMetric", "find_judge"]

ThresholdMetric: TypeAlias = str | Mapping[str, Any] | Callable[..., Any]
"""Name of a metric of one label; or a function of targets and answers, or a reference to one."""

_PLACE = "model_config.threshold_metric"


class Judge(NamedTuple):
    """Chooses among thresholds.

    Attributes:
        measure: Takes truth and scores of the rows and what was tried; gives a value for each
            threshold, NaN where there is none.
        less_is_better: Whether the lowest value is the best.
        highest: Whether the highest of equally good thresholds is chosen, and not the lowest.
    """

    measure: Callable[[NDArray[np.bool_], NDArray[np.float64], Tried], NDArray[np.float64]]
    less_is_better: bool
    highest: bool = False

    def choose(
        self, true: NDArray[np.bool_], scores: NDArray[np.float64], tried: Tried
    ) -> float | None:
        """Give the best threshold; ``None`` if none has a value.

        Args:
            true: Whether a row has the label. Shape: ``(rows,)``.
            scores: From 0 to 1. Shape: ``(rows,)``.
            tried: What comes of each threshold on these rows.
        """
        values = self.measure(true, scores, tried)
        if np.isnan(values).all():
            return None
        best = np.nanmin(values) if self.less_is_better else np.nanmax(values)
        places = np.flatnonzero(values == best)
        return float(tried.thresholds[places[-1 if self.highest else 0]])


def find_judge(metric: ThresholdMetric, *, maximize: bool = True) -> Judge:
    """Find what thresholds are judged by.

    Args:
        metric: As of :func:`dsf.metrics.best_thresholds`.
        maximize: The same.

    Raises:
        ConfigError: If there is no such metric, it cannot be called, or what it says of more and
            less is not what ``maximize`` says.
        BadReferenceError: If a reference leads nowhere, or out of the allowed packages.
    """
    if not isinstance(metric, str) or is_reference(metric):
        function = resolve(metric, where=_PLACE)
        _check_function(function)
        number = own_number(function, f"{_PLACE}: {name_of(function)}")
        return Judge(_by_calls(number), less_is_better=not maximize)
    found = label_metric(metric)
    if not maximize and not found.less_is_better:
        message = f"must be true where threshold_metric is {metric}, of which more is better."
        problem = Problem("threshold_maximize", message)
        raise ConfigError("Thresholds cannot be chosen.", [problem])

    def by_counts(
        true: NDArray[np.bool_],
        scores: NDArray[np.float64],  # noqa: ARG001
        tried: Tried,
    ) -> NDArray[np.float64]:
        return found.score(tried.hits, tried.answered, int(true.sum()), len(true))

    return Judge(by_counts, found.less_is_better, found.highest)


def _by_calls(
    number: Callable[..., float],
) -> Callable[[NDArray[np.bool_], NDArray[np.float64], Tried], NDArray[np.float64]]:
    """Measure by calling a function once a threshold."""

    def measure(
        true: NDArray[np.bool_], scores: NDArray[np.float64], tried: Tried
    ) -> NDArray[np.float64]:
        targets = true.astype(np.int8)
        targets.flags.writeable = False  # all calls share it
        values = [number(targets, (scores > one).astype(np.int8)) for one in tried.thresholds]
        return np.asarray(values, dtype=np.float64)

    return measure


def _check_function(function: Any) -> None:
    """See that it can be called with targets and answers."""
    if not callable(function):
        message = f"must be a function of targets and answers, but is {function!r}."
        raise ConfigError("Thresholds cannot be chosen.", [Problem(_PLACE, message)])
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # functions in C need not tell
        return
    try:
        signature.bind(None, None)
    except TypeError as error:
        message = f"must take targets and answers, but {name_of(function)} does not: {error}."
        raise ConfigError("Thresholds cannot be chosen.", [Problem(_PLACE, message)]) from error
