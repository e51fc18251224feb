"""Fewer points for a curve that looks the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dsf.report.curves.ranking_curves import Curve

__all__ = ["thin_curve"]


def thin_curve(curve: Curve, points: int = 160) -> Curve:
    """Keep points that are equally far apart along the curve, both ends always.

    Args:
        curve: Of any length.
        points: How many may stay.
    """
    if len(curve.x) <= points:
        return curve
    steps = np.hypot(np.diff(curve.x, prepend=curve.x[0]), np.diff(curve.y, prepend=curve.y[0]))
    way = np.cumsum(steps)
    wished = np.linspace(0.0, way[-1], points)
    kept = np.unique(np.clip(np.searchsorted(way, wished), 0, len(way) - 1))
    kept = np.union1d(kept, [0, len(way) - 1])
    return curve._replace(x=curve.x[kept], y=curve.y[kept])
