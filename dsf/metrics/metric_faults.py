"""What may be wrong with one entry of the section ``metrics``."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from dsf.core.references import check_reference, is_reference, resolve
from dsf.core.suggestions import did_you_mean
from dsf.metrics.label_counts import AVERAGES
from dsf.metrics.scores.own_parameters import find_faults
from dsf.metrics.table import METRICS

if TYPE_CHECKING:
    from dsf.metrics.table import Metric

__all__ = ["CONFUSION_MATRIX", "find_metric_faults", "is_own", "is_wanted", "own_reference"]

CONFUSION_MATRIX = "confusion_matrix"
"""A name of the section that is no number."""

_RESERVED = ("bootstrap", "intervals", "labels", "outputs", "undefined")  # keys of metrics.json
_OWN_KEYS = ("function", "less_is_better")
_KINDS = {
    "single": "one label a row",
    "multi_output": "one label of each of several outputs",
    "multilabel": "several labels a row",
    "tags": "tags that stand alone",
    "entities": "entities",
}


def find_metric_faults(name: str, value: Any, kind: str | None) -> list[str]:
    """List what is wrong with one entry; nothing is computed.

    Args:
        name: Its key.
        value: What stands there.
        kind: Kind of the answers; ``None``: any.
    """
    if name == CONFUSION_MATRIX:
        fits = value is None or isinstance(value, bool)
        return [] if fits else [f"must be true or false, but is {value!r}."]
    if name in _RESERVED:
        return ["is a key of the results themselves. Give the metric another name."]
    if is_own(value):
        return _find_faults_of_own(value)
    if value is not None and not isinstance(value, bool | Mapping):
        return [f"must be true, false, options or a reference to a function, but is {value!r}."]
    options = dict(value) if isinstance(value, Mapping) else {}
    known = str(options.pop("metric", name))
    if known not in METRICS:
        names = ", ".join(sorted([*METRICS, CONFUSION_MATRIX]))
        return [f"must be one of {names}, not {known!r}.{did_you_mean(known, METRICS)}"]
    if not is_wanted(value):
        return []
    metric = METRICS[known]
    return [*_find_faults_of_options(metric, options), *_find_faults_of_kind(metric, kind)]


def is_wanted(value: Any) -> bool:
    """Say whether an entry switches its metric on; options that are empty do, too."""
    return value not in (None, False)


def is_own(value: Any) -> bool:
    """Say whether an entry names a function of the project's own."""
    if isinstance(value, Mapping):
        return "function" in value or is_reference(value)
    return isinstance(value, str) or (callable(value) and not isinstance(value, type))


def own_reference(value: Any) -> Any:
    """Give what names the function, without what is said of it."""
    return value["function"] if isinstance(value, Mapping) and "function" in value else value


def _find_faults_of_own(value: Any) -> list[str]:
    faults = []
    if isinstance(value, Mapping) and "function" in value:
        faults = [
            f"{key!r} is not a known key.{did_you_mean(str(key), _OWN_KEYS)}"
            for key in value
            if key not in _OWN_KEYS
        ]
        less = value.get("less_is_better", False)
        if not isinstance(less, bool):
            faults.append(f"less_is_better must be true or false, not {less!r}.")
    reference = own_reference(value)
    if not callable(reference):
        problems = check_reference(reference)
        if problems:
            return faults + [problem.message for problem in problems]
    function = resolve(reference)
    if not callable(function):
        return [*faults, f"must be a function, but {reference!r} is {function!r}."]
    return faults + find_faults(function)


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
