"""A comparison as rows: one for each metric that is one number on both sides."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["ComparisonRow", "comparison_rows", "missing_numbers"]

_SIDES = {"trained": "trained", "eval": "existing"}


class ComparisonRow(NamedTuple):
    """One metric of two models.

    Attributes:
        metric: Its name in the results.
        trained: Value of the trained model.
        existing: Value of the existing model.
        difference: Trained minus existing.
    """

    metric: str
    trained: float
    existing: float
    difference: float


def comparison_rows(comparison: Any) -> list[ComparisonRow]:
    """Take the rows out of a comparison.

    Args:
        comparison: ``{metric: {"trained": x, "eval": y}}``. Metrics that are no single number
            (a confusion matrix) or no number at all are left out; anything that is no mapping has
            no rows.
    """
    return [
        _row(metric, sides)
        for metric, sides in _pairs(comparison).items()
        if all(math.isfinite(sides[side]) for side in _SIDES)
    ]


def missing_numbers(comparison: Any) -> dict[str, str]:
    """Give metric → which model has no number there, where one has ``nan`` or is without bounds.

    Args:
        comparison: As for :func:`comparison_rows`.
    """
    missing = {
        metric: [name for side, name in _SIDES.items() if not math.isfinite(sides[side])]
        for metric, sides in _pairs(comparison).items()
    }
    return {metric: " and ".join(names) for metric, names in missing.items() if names}


def _pairs(comparison: Any) -> dict[str, Mapping[str, Any]]:
    """Find the metrics that have a number or ``nan`` on both sides."""
    if not isinstance(comparison, Mapping):
        return {}
    return {
        str(metric): sides
        for metric, sides in comparison.items()
        if isinstance(sides, Mapping) and all(_is_float(sides.get(side)) for side in _SIDES)
    }


def _is_float(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _row(metric: str, sides: Mapping[str, Any]) -> ComparisonRow:
    trained, existing = float(sides["trained"]), float(sides["eval"])
    return ComparisonRow(metric, trained, existing, trained - existing)
