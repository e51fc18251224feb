"""The section ``metrics`` of a config, made into functions that make statistics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from dsf.core.errors import ConfigError, Problem
from dsf.core.references import resolve
from dsf.metrics.label_counts import AVERAGES
from dsf.metrics.metric_faults import (
    CONFUSION_MATRIX,
    find_metric_faults,
    is_own,
    is_wanted,
    own_reference,
)
from dsf.metrics.scores.own import make_own
from dsf.metrics.scores.own_parameters import needs_scores
from dsf.metrics.table import METRICS

if TYPE_CHECKING:
    from dsf.metrics.answers.answers import Answers
    from dsf.metrics.statistics.statistic import Statistic
    from dsf.metrics.table import Metric

__all__ = ["WantedMetric", "check_metrics", "read_metrics"]

_AVERAGED = ("f1", "partial_f1", "precision", "recall")


class WantedMetric(NamedTuple):
    """A metric that a config switches on.

    Attributes:
        name: What the config calls it.
        make: Makes its statistic of answers.
        metric: What is known of it; ``None`` of a function of the project's own.
        less_is_better: Whether it is a loss.
        from_probabilities: Whether it needs them.
    """

    name: str
    make: Callable[[Answers], Statistic]
    metric: Metric | None
    less_is_better: bool = False
    from_probabilities: bool = False


def read_metrics(
    metrics_config: Mapping[str, Any], average: str = "macro", kind: str | None = None
) -> list[WantedMetric]:
    """List the metrics that are wanted, in the order of the config.

    ========================================  ===================================================
    ``name: true``                            a metric of :data:`dsf.metrics.METRICS`
    ``name: {option: value}``                 the same with options
    ``own: {metric: name, option: value}``    the same under a name of one's own
    ``own: "pkg.module:function"``            a function of one's own, or one with arguments:
                                              ``{module, func, kwargs}``
    ``own: {function: …, less_is_better}``    the same, of which less may be better
    ``name: false``                           not wanted
    ========================================  ===================================================

    Args:
        metrics_config: The section.
        average: How precision, recall and F1 are averaged that do not say it themselves.
        kind: Kind of the answers, to refuse metrics that they cannot have; ``None``: any.

    Raises:
        ConfigError: If a metric or an option is not known or cannot be had; lists all of them.
    """
    problems = check_metrics(metrics_config, average, kind)
    if problems:
        raise ConfigError("The metrics cannot be computed as configured.", problems)
    return [
        _read(name, value, average)
        for name, value in metrics_config.items()
        if is_wanted(value) and name != CONFUSION_MATRIX
    ]


def check_metrics(
    metrics_config: Mapping[str, Any], average: str = "macro", kind: str | None = None
) -> list[Problem]:
    """List what is wrong with the section; nothing is computed.

    Args:
        metrics_config: The section.
        average: ``model_config.average``.
        kind: Kind of the answers; ``None``: any.
    """
    problems = [
        Problem(f"metrics.{name}", message)
        for name, value in metrics_config.items()
        for message in find_metric_faults(name, value, kind)
    ]
    if average not in AVERAGES:
        message = f"must be one of {', '.join(AVERAGES)}, but is {average!r}."
        problems.append(Problem("model_config.average", message))
    return problems


def _read(name: str, value: Any, average: str) -> WantedMetric:
    options = dict(value) if isinstance(value, Mapping) else {}
    if is_own(value):
        function = resolve(own_reference(value), where=f"metrics.{name}")
        make = partial(make_own, function, where=f"metrics.{name}")
        less = bool(options.get("less_is_better", False))
        return WantedMetric(name, make, None, less, needs_scores(function))
    known = str(options.pop("metric", name))
    metric = METRICS[known]
    if known in _AVERAGED:
        options.setdefault("average", average)
    make = partial(resolve(metric.function), **options)
    return WantedMetric(name, make, metric, metric.less_is_better, metric.from_probabilities)
