"""The section ``metrics`` of a config, made into functions that make statistics."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from dsf.core.errors import ConfigError, Problem
from dsf.core.references import check_reference, is_reference, resolve
from dsf.core.suggestions import did_you_mean
from dsf.metrics.label_counts import AVERAGES
from dsf.metrics.scores.own import make_own
from dsf.metrics.table import METRICS

if TYPE_CHECKING:
    from dsf.metrics.answers.answers import Answers
    from dsf.metrics.statistics.statistic import Statistic
    from dsf.metrics.table import Metric

__all__ = ["CONFUSION_MATRIX", "WantedMetric", "check_metrics", "read_metrics"]

CONFUSION_MATRIX = "confusion_matrix"
"""A name of the section that is no number."""

_KINDS = {
    "single": "one label a row",
    "multi_output": "one label of each of several outputs",
    "multilabel": "several labels a row",
    "tags": "tags that stand alone",
    "entities": "entities",
}
_AVERAGED = ("f1", "precision", "recall")


class WantedMetric(NamedTuple):
    """A metric that a config switches on.

    Attributes:
        name: What the config calls it.
        make: Makes its statistic of answers.
        metric: What is known of it; ``None`` of a function of the project's own.
        less_is_better: Whether it is a loss.
    """

    name: str
    make: Callable[[Answers], Statistic]
    metric: Metric | None
    less_is_better: bool = False


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
        if value is not False and value is not None and name != CONFUSION_MATRIX
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
        if name != CONFUSION_MATRIX
        for message in _find_faults(name, value, kind)
    ]
    if average not in AVERAGES:
        message = f"must be one of {', '.join(AVERAGES)}, but is {average!r}."
        problems.append(Problem("model_config.average", message))
    return problems


def _read(name: str, value: Any, average: str) -> WantedMetric:
    if _is_own(value):
        reference, less = _read_own(value)
        function = resolve(reference, where=f"metrics.{name}")
        return WantedMetric(name, partial(make_own, function), None, less)
    options = dict(value) if isinstance(value, Mapping) else {}
    known = str(options.pop("metric", name))
    metric = METRICS[known]
    if known in _AVERAGED:
        options.setdefault("average", average)
    make = partial(resolve(metric.function), **options)
    return WantedMetric(name, make, metric, metric.less_is_better)


def _is_own(value: Any) -> bool:
    if isinstance(value, Mapping):
        return "function" in value or is_reference(value)
    return isinstance(value, str) or (callable(value) and not isinstance(value, type))


def _read_own(value: Any) -> tuple[Any, bool]:
    """Give the reference of a function, and whether less of it is better."""
    if isinstance(value, Mapping) and "function" in value:
        return value["function"], bool(value.get("less_is_better", False))
    return value, False


def _find_faults(name: str, value: Any, kind: str | None) -> list[str]:
    if _is_own(value):
        return _find_faults_of_own(value)
    if value is not None and not isinstance(value, bool | Mapping):
        return [f"must be true, false, options or a reference to a function, but is {value!r}."]
    options = dict(value) if isinstance(value, Mapping) else {}
    known = options.pop("metric", name)
    if known not in METRICS:
        names = ", ".join(sorted([*METRICS, CONFUSION_MATRIX]))
        return [f"must be one of {names}, not {known!r}.{did_you_mean(str(known), METRICS)}"]
    if value is False or value is None:
        return []
    metric = METRICS[known]
    return [*_find_faults_of_options(metric, options), *_find_faults_of_kind(metric, kind)]


def _find_faults_of_own(value: Any) -> list[str]:
    reference, _ = _read_own(value)
    if callable(reference):
        return []
    return [problem.message for problem in check_reference(reference)]


def _find_faults_of_options(metric: Metric, options: Mapping[str, Any]) -> list[str]:
    function = resolve(metric.function)
    fixed = function.keywords if isinstance(function, partial) else {}
    signature = inspect.signature(function.func if isinstance(function, partial) else function)
    known = [name for name in list(signature.parameters)[1:] if name not in fixed]
    faults = [
        f"has no option {name!r}.{did_you_mean(str(name), known)}"
        + (f" Known are: {', '.join(known)}." if known else " It has none.")
        for name in options
        if name not in known
    ]
    if "average" in known and options.get("average", "macro") not in AVERAGES:
        faults.append(f"average must be one of {', '.join(AVERAGES)}, not {options['average']!r}.")
    for name in ("k", "bins"):
        given = options.get(name, 1)
        if name in known and (isinstance(given, bool) or not isinstance(given, int) or given < 1):
            faults.append(f"{name} must be a whole number of at least 1, not {given!r}.")
    return faults


def _find_faults_of_kind(metric: Metric, kind: str | None) -> list[str]:
    needed = "single" if kind == "multi_output" and kind not in metric.kinds else kind
    if needed is None or needed in metric.kinds:
        return []
    having = " or ".join(_KINDS[each] for each in metric.kinds)
    return [f"needs {having}, but this task has {_KINDS[str(kind)]}. Switch it off."]
