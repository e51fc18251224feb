"""A function of the user's own that gives one number, with whatever it does wrong told as its."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.atomic import is_storage_error
from dsf.core.errors import DsfError, HookResultError
from dsf.core.raised import raised_error

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["own_number"]


def own_number(function: Callable[..., Any], called: str) -> Callable[..., float]:
    """Make a function that gives a finite number or NaN, and names the user's in its errors.

    Args:
        function: The user's.
        called: What messages call it.
    """

    def number(*arguments: Any, **more: Any) -> float:
        try:
            result = function(*arguments, **more)
        except (DsfError, MemoryError):
            raise
        except Exception as error:
            if isinstance(error, OSError) and is_storage_error(error):
                raise
            raise raised_error(called, error, otherwise="an installed package") from error
        found = _as_number(result)
        if found is None:
            message = f"{called} must give one number, or NaN where there is none, but gave "
            raise HookResultError(f"{message}{result!r}.")
        return found if np.isfinite(found) else np.nan

    return number


def _as_number(result: Any) -> float | None:
    """Read a number of any sort: Python's, NumPy's, an array without dimensions."""
    if isinstance(result, str | bytes) or getattr(result, "ndim", None):
        return None
    try:
        return float(result)
    except (TypeError, ValueError):
        return None
