"""The numbers of a run: a metric's name and what it came to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Score", "as_mapping", "find_main_metric", "is_number", "read_compared", "read_scores"]

_NO_METRICS = frozenset(
    {"bootstrap", "confusion_matrix", "intervals", "labels", "outputs", "undefined"}
)


class Score(NamedTuple):
    """A number and, if one was drawn, its interval.

    Attributes:
        value: What was measured.
        lower: Lower end.
        upper: Upper end.
    """

    value: float
    lower: float | None = None
    upper: float | None = None


def as_mapping(value: Any) -> Mapping[str, Any]:
    """Give a mapping as it is, and an empty one for anything else that a file may hold."""
    return value if isinstance(value, Mapping) else {}


def is_number(value: Any) -> TypeGuard[float]:
    """Whether a value of a file is a number that can be shown."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def read_scores(metrics: Mapping[str, Any], prefix: str = "") -> dict[str, Score]:
    """Give name → score; a metric of one output is called ``output.metric``.

    Args:
        metrics: The content of ``metrics.json``; what is no number in it is left out.
        prefix: What stands before each name.
    """
    intervals = as_mapping(metrics.get("intervals"))
    found = {
        f"{prefix}{name}": _score(value, as_mapping(intervals.get(name)))
        for name, value in metrics.items()
        if name not in _NO_METRICS and is_number(value)
    }
    for output, scores in as_mapping(metrics.get("outputs")).items():
        found |= read_scores(as_mapping(scores), f"{output}.")
    return found


def read_compared(comparison: Mapping[str, Any], side: str) -> dict[str, Score]:
    """Give name → score of one side of a comparison.

    Args:
        comparison: The content of ``comparison.json``.
        side: ``trained`` or ``eval``.
    """
    return {
        name: Score(float(sides[side]))
        for name, sides in _pairs(comparison)
        if is_number(sides.get(side))
    }


def find_main_metric(
    scores: Mapping[str, Score], comparison: Mapping[str, Any], wanted: Any
) -> str | None:
    """Find the metric that the run is judged by.

    It is the first of those that the verdict rests on, that the config names for the comparison, or
    that were computed.

    Args:
        scores: Of the trained model.
        comparison: The content of ``comparison.json``; empty without one.
        wanted: ``comparison_config.metrics``.
    """
    judged = as_mapping(as_mapping(comparison.get("verdict")).get("metrics"))
    named = wanted if isinstance(wanted, list) else []
    return next((name for name in [*judged, *named, *scores] if name in scores), None)


def _score(value: float, ends: Mapping[str, Any]) -> Score:
    lower, upper = ends.get("lower"), ends.get("upper")
    if is_number(lower) and is_number(upper):
        return Score(float(value), float(lower), float(upper))
    return Score(float(value))


def _pairs(comparison: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, sides in as_mapping(comparison.get("metrics")).items():
        yield name, as_mapping(sides)
    for output, metrics in as_mapping(comparison.get("outputs")).items():
        for name, sides in as_mapping(metrics).items():
            yield f"{output}.{name}", as_mapping(sides)
