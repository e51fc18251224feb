"""How an interval is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.measures import is_number

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["nominal_percent"]


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
