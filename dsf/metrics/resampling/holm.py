"""P-values of several tests at once, so that many tests do not find by chance what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["holm"]

Name = TypeVar("Name")


def holm(p_values: Mapping[Name, float]) -> dict[Name, float]:
    """Correct p-values for how many there are: the chance of any false alarm stays below alpha.

    The smallest is multiplied by their number, the next by one less, and so on; none becomes
    smaller than one before it.

    Source: Holm 1979, "A simple sequentially rejective multiple test procedure",
    https://www.jstor.org/stable/4615733.

    Args:
        p_values: By name; NaN is no test and stays.
    """
    order = sorted((name for name in p_values if not np.isnan(p_values[name])), key=p_values.get)  # type: ignore[arg-type]
    corrected, largest = dict(p_values), 0.0
    for place, name in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - place) * p_values[name]))
        corrected[name] = largest
    return corrected
