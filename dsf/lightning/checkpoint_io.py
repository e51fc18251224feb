"""Checkpoints that are whole or not there, however the process ends."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch
from lightning_fabric.plugins.io.torch_io import TorchCheckpointIO

from dsf.core.atomic import atomic_path
from dsf.core.errors import RunMismatchError, RunNotFoundError

__all__ = ["AtomicCheckpointIO", "read_checkpoint"]

_REASONS = (OSError, KeyboardInterrupt, SystemExit)
_FOREIGN = re.compile(r"GLOBAL (\S+) was not an allowed global")


class AtomicCheckpointIO(TorchCheckpointIO):
    """Writes a checkpoint beside its place and renames it; the old one stays until then."""

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: str | Path, storage_options: Any = None
    ) -> None:
        """Save a checkpoint to a local path.

        Raises:
            StorageError: If the disk is full or read-only.
        """
        with atomic_path(Path(path)) as temporary, temporary.open("wb") as file:
            try:
                torch.save(checkpoint, file)
            except RuntimeError as error:
                # Closing what it could not write, torch hides why behind an error of its own.
                if isinstance(error.__context__, _REASONS):
                    raise error.__context__ from None
                raise

    def load_checkpoint(
        self, path: str | Path, map_location: Any = "cpu", weights_only: bool | None = None
    ) -> dict[str, Any]:
        """Load a checkpoint to go on from, plain data and tensors only unless told otherwise.

        Raises:
            RunNotFoundError: If there is none.
            RunMismatchError: If it cannot be read.
        """
        return read_checkpoint(Path(path), map_location, weights_only=weights_only is not False)


def read_checkpoint(
    path: Path, map_location: Any = "cpu", *, weights_only: bool = True
) -> dict[str, Any]:
    """Read a checkpoint of Lightning.

    Args:
        path: The file.
        map_location: Where the tensors go, as for ``torch.load``.
        weights_only: Whether to refuse a file that would run code of its own.

    Raises:
        RunNotFoundError: If there is no such file.
        RunMismatchError: If it is no checkpoint, or was damaged.
    """
    if not path.is_file():
        raise RunNotFoundError(f"{path}: a checkpoint must be here, but is not.")
    try:
        checkpoint = torch.load(path, map_location=map_location, weights_only=weights_only)
    except MemoryError:
        raise
    except Exception as error:  # a damaged file can make the unpickler fail in any way
        raise _unusable(path, _reason(error)) from error
    if not isinstance(checkpoint, dict) or "state_dict" not in checkpoint:
        raise _unusable(path, "it holds no weights (state_dict)")
    return checkpoint


def _unusable(path: Path, reason: str) -> RunMismatchError:
    return RunMismatchError(
        f"{path}: must be a whole checkpoint of a fit, but cannot be used: {reason}. "
        "Take it away to fit again from the start, or name another one."
    )


def _reason(error: Exception) -> str:
    """Say in a line what torch says in an essay."""
    foreign = _FOREIGN.search(str(error))
    if foreign:
        return (
            f"it holds a {foreign[1]}, and only tensors and plain data are loaded unless "
            "torch.serialization.add_safe_globals allows more"
        )
    if isinstance(error, PermissionError):
        return "permission to read it was denied"
    return f"its content is damaged ({type(error).__name__})"
