"""Numbers with their intervals, as ``metrics.json`` and ``comparison.json`` have them.

What a file holds beside them, or in their place if somebody has edited it, is left out.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeGuard

__all__ = [
    "SUPPORT",
    "Measure",
    "as_mapping",
    "is_number",
    "read_label_measures",
    "read_measures",
    "read_outputs",
    "read_support",
]

SUPPORT = "support"
"""Key beside the metrics of labels: how often each label is true, plain whole numbers."""

_LARGEST = sys.float_info.max
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
        """Read ``{"value", "lower", "upper"}``; ``None`` if there is no number.

        Args:
            cell: What the file has there.
            key: Where in it the number stands.
        """
        value, lower, upper = (as_mapping(cell).get(name) for name in (key, "lower", "upper"))
        if not is_number(value):
            return None
        if not is_number(lower) or not is_number(upper):
            return cls(float(value))
        return cls(float(value), float(lower), float(upper))


def as_mapping(value: Any) -> Mapping[str, Any]:
    """Give a mapping as it is, and an empty one for anything else that a file may hold."""
    return value if isinstance(value, Mapping) else {}


def is_number(value: Any) -> TypeGuard[float]:
    """Whether a value of a JSON file is a number that can be shown."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return -_LARGEST <= value <= _LARGEST  # of JSON's whole numbers some are too large for a float


def read_measures(metrics: Mapping[str, Any] | None) -> dict[str, Measure]:
    """Give the headline of each metric.

    Args:
        metrics: The content of ``metrics.json``, or what it holds of one output.
    """
    content = as_mapping(metrics)
    intervals = as_mapping(content.get("intervals"))
    found = {
        name: Measure.read({**as_mapping(intervals.get(name)), "value": value})
        for name, value in content.items()
        if name not in _NO_METRICS
    }
    return {name: one for name, one in found.items() if one is not None}


def read_label_measures(metrics: Mapping[str, Any] | None) -> dict[str, dict[str, Measure]]:
    """Give metric → label → its number; labels that have none are left out.

    Args:
        metrics: The content of ``metrics.json``, or what it holds of one output.
    """
    measures = {
        name: {label: _read_cell(cell) for label, cell in as_mapping(cells).items()}
        for name, cells in as_mapping(as_mapping(metrics).get("labels")).items()
        if name != SUPPORT
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
    found = as_mapping(as_mapping(metrics).get("labels")).get(SUPPORT)
    return {label: int(times) for label, times in as_mapping(found).items() if is_number(times)}


def read_outputs(metrics: Mapping[str, Any] | None) -> dict[str, Mapping[str, Any]]:
    """Give output → what was measured of it, as ``metrics.json`` has it; empty without outputs.

    Args:
        metrics: The content of ``metrics.json``.
    """
    outputs = as_mapping(as_mapping(metrics).get("outputs"))
    return {output: as_mapping(content) for output, content in outputs.items()}


def _read_cell(cell: Any) -> Measure | None:
    """Read a label's number; a project's own metric may give it without an interval."""
    return Measure.read(cell if isinstance(cell, Mapping) else {"value": cell})
