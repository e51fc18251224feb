"""What is said of an error that came out of a function of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.errors import HookRaisedError
from dsf.core.places import find_own_place

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["raised_error"]


def raised_error(
    name: str, error: Exception, *, root: Path | None = None, otherwise: str = "unknown place"
) -> HookRaisedError:
    """Make the error for a user's function that ended with one.

    Args:
        name: What was called.
        error: What came out of it.
        root: Folder of the user's files; ``None``: all that are neither ours, nor Python's, nor of
            an installed package.
        otherwise: The place to name if the error came through no such file.
    """
    text = " ".join(str(error).split())
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return HookRaisedError(f"{name} ({find_own_place(error, root) or otherwise}) raised {said}")
