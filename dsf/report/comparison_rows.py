"""A comparison as rows: one for each metric that is one number on both sides."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["ComparisonRow", "as_decimal", "as_difference", "comparison_rows", "is_loss"]

_LOWER_IS_BETTER = ("loss", "error", "brier_score")
"""Endings of the names of metrics of which less is better."""


@dataclass(frozen=True)
class ComparisonRow:
    """One metric of two models.

    Attributes:
        metric: Its name in the results.
        trained: Value of the trained model.
        existing: Value of the existing model.
        difference: Trained minus existing.
        better: The better side, or ``None`` if both agree to four decimals or cannot be ordered.
    """

    metric: str
    trained: float
    existing: float
    difference: float
    better: Literal["trained", "existing"] | None


def comparison_rows(comparison: Any) -> list[ComparisonRow]:
    """Take the rows out of a comparison.

    Args:
        comparison: ``{metric: {"trained": x, "eval": y}}``. Metrics that are no single number
            (a confusion matrix) are left out; anything that is no mapping has no rows.
    """
    if not isinstance(comparison, Mapping):
        return []
    return [
        _row(str(metric), sides["trained"], sides["eval"])
        for metric, sides in comparison.items()
        if isinstance(sides, Mapping) and all(_is_number(sides.get(k)) for k in ("trained", "eval"))
    ]


def is_loss(metric: str) -> bool:
    """Whether less is better, as far as a metric's name tells."""
    return metric.lower().endswith(_LOWER_IS_BETTER)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _row(metric: str, trained: float, existing: float) -> ComparisonRow:
    difference = trained - existing
    gain = -difference if is_loss(metric) else difference
    better: Literal["trained", "existing"] | None = None
    if not math.isnan(gain) and round(gain, 4):
        better = "trained" if gain > 0 else "existing"
    return ComparisonRow(metric, float(trained), float(existing), difference, better)


def as_decimal(value: float) -> str:
    """Write a value with four decimals."""
    return f"{round(value, 4) + 0.0:.4f}"  # adding zero turns -0.0 into 0.0


def as_difference(value: float) -> str:
    """Write a difference with its sign and four decimals; none has no sign."""
    rounded = round(value, 4) + 0.0
    return f"{rounded:+.4f}" if rounded else "0.0000"
