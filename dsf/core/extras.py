"""Optional packages: import them when a feature is asked for, or say what to install."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from dsf.core.errors import MissingExtraError

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["EXTRAS", "require_extra"]

EXTRAS = frozenset(
    {
        "all",
        "dev",
        "explain",
        "export",
        "fast",
        "offline-encoder",
        "pipeline",
        "serve",
        "track",
        "train",
        "tune",
    }
)
"""The names that may stand in ``pip install 'dsf-trainer[…]'``, as setup.py defines them."""


def require_extra(extra: str, *, module: str, feature: str) -> ModuleType:
    """Import an optional module, or say which line installs it.

    Call it where the feature is used, never when a module of dsf is imported.

    Args:
        extra: The extra that brings the module: a name of :data:`EXTRAS`.
        module: The module to import, dotted (``"onnx"``, ``"sklearn.linear_model"``).
        feature: What the user asked for, in words that start a sentence (``"ONNX export"``).

    Returns:
        The module itself, also when the name is dotted.

    Raises:
        MissingExtraError: If the module, or the package that holds it, is not installed.
        ImportError: If it is installed but broken; that is not mended by installing the extra.
        ValueError: If there is no such extra.

    Example:
        >>> require_extra("train", module="json", feature="Training").__name__
        'json'
    """
    if extra not in EXTRAS:
        raise ValueError(f"the extra must be one of {sorted(EXTRAS)}, but got {extra=}")
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if not _is_missing(error, module):
            raise
        raise MissingExtraError(
            f"{feature} needs the package {module.partition('.')[0]!r}, which is not installed. "
            f"Install it with:\n    pip install 'dsf-trainer[{extra}]'"
        ) from error


def _is_missing(error: ModuleNotFoundError, module: str) -> bool:
    """Tell a package that is absent from one that is there but cannot import something else."""
    return error.name is not None and f"{module}.".startswith(f"{error.name}.")
