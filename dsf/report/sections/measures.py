"""Numbers with their intervals, as ``metrics.json`` and ``comparison.json`` have them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeGuard

__all__ = [
    "Measure",
    "is_number",
    "nominal_percent",
    "read_label_measures",
    "read_measures",
    "read_support",
]

_SUPPORT = "support"
"""Key beside the metrics of labels: how often each label is true, plain whole numbers."""

_NO_METRICS = frozenset(
    {"bootstrap", "confusion_matrix", "intervals", "labels", "outputs", "undefined"}
)


class Measure(NamedTuple):
    """A number and, if one was drawn, its interval.

    Attributes:
        value: What was measured.
        lower: Lower end.
        upper: Upper end.
    """

    value: float
    lower: float | None = None
    upper: float | None = None

    @property
    def ends(self) -> tuple[float, float] | None:
        """Both ends of the interval, or ``None`` without one."""
        return None if self.lower is None or self.upper is None else (self.lower, self.upper)

    @classmethod
    def read(cls, cell: Any, key: str = "value") -> Measure | None:
        """Read ``{"value", "lower", "upper"}``; ``None`` if there is no number."""
        if not isinstance(cell, Mapping):
            return None
        value, lower, upper = (cell.get(name) for name in (key, "lower", "upper"))
        if not is_number(value):
            return None
        if not is_number(lower) or not is_number(upper):
            return cls(float(value))
        return cls(float(value), float(lower), float(upper))


def is_number(value: Any) -> TypeGuard[float]:
    """Whether a value of a JSON file is a number that can be shown."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def read_measures(metrics: Mapping[str, Any] | None) -> dict[str, Measure]:
    """Give the headline of each metric.

    Args:
        metrics: The content of ``metrics.json``, or what it holds of one output.
    """
    intervals = (metrics or {}).get("intervals") or {}
    return {
        name: Measure.read({"value": value, **(intervals.get(name) or {})}) or Measure(value)
        for name, value in (metrics or {}).items()
        if name not in _NO_METRICS and is_number(value)
    }


def read_label_measures(metrics: Mapping[str, Any] | None) -> dict[str, dict[str, Measure]]:
    """Give metric → label → its number; labels that have none are left out.

    Args:
        metrics: The content of ``metrics.json``, or what it holds of one output.
    """
    found = (metrics or {}).get("labels") or {}
    measures = {
        name: {label: Measure.read(cell) for label, cell in cells.items()}
        for name, cells in found.items()
        if name != _SUPPORT
    }
    return {
        name: {label: one for label, one in cells.items() if one is not None}
        for name, cells in measures.items()
    }


def read_support(metrics: Mapping[str, Any] | None) -> dict[str, int]:
    """Give label → how often it is true; empty where that was not counted.

    Args:
        metrics: The content of ``metrics.json``, or what it holds of one output.
    """
    found = ((metrics or {}).get("labels") or {}).get(_SUPPORT) or {}
    return {label: int(times) for label, times in found.items() if is_number(times)}


def nominal_percent(*bootstraps: Mapping[str, Any] | None) -> str:
    """Say how much an interval is meant to cover: ``95 %``; empty if no interval was drawn.

    Args:
        bootstraps: How they were drawn, as results say it; the first that is there counts.
    """
    for bootstrap in bootstraps:
        percentile = (bootstrap or {}).get("percentile")
        if is_number(percentile):
            return f"{abs(100 - 2 * percentile):g} %"
    return ""
