"""Functions of the user's own, whose errors are told with their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import DsfError
from dsf.core.raised import raised_error
from dsf.core.references import reference_name

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["call_own", "name_own"]


def call_own(function: Callable[[Any], Any], name: str, given: Any) -> Any:
    """Call a function of the user's.

    Args:
        function: What is called.
        name: What it is called in messages.
        given: Its one argument.

    Raises:
        HookRaisedError: If it ended with an error of its own.
    """
    try:
        return function(given)
    except (DsfError, MemoryError):
        raise
    except Exception as error:
        raise raised_error(name, error) from error


def name_own(reference: Any) -> str:
    """Give the name of what a reference names, or of a live callable."""
    if isinstance(reference, str | dict):
        return reference_name(reference)
    return str(getattr(reference, "__qualname__", type(reference).__name__))
