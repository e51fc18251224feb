"""Numbers that JSON has no word for."""

from __future__ import annotations

import math
from typing import Any

__all__ = ["spell_not_finite"]


def spell_not_finite(value: Any) -> Any:
    """Give plain data with NaN and infinities as texts, from which ``float`` makes them again.

    Args:
        value: Dicts, lists, texts, numbers, true, false and null.
    """
    if isinstance(value, dict):
        return {key: spell_not_finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [spell_not_finite(one) for one in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
