"""What a network computes, read from a file that holds neither weights nor Python code."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

from dsf.core.errors import BundleError, Problem
from dsf.core.excerpts import excerpt
from dsf.inference.program_check import find_program_faults

if TYPE_CHECKING:
    from pathlib import Path

    import torch

__all__ = ["load_program"]


def load_program(path: Path, device: torch.device) -> Any:
    """Load what :func:`dsf.export.write_program` wrote.

    Args:
        path: The file.
        device: Where to compute.

    Returns:
        Takes weights by name, in the order of their names, and rows; gives scores.

    Raises:
        BundleError: If it is no such file, or holds what torch would unpickle or run.
    """
    import torch
    from torch.export.passes import move_to_device_pass

    _check(path)
    try:
        program = torch.export.load(path)
        if device.type != "cpu":  # what it makes itself, such as positions, is made there too
            program = move_to_device_pass(program, device)
        return program.module()
    except Exception as error:  # torch raises many kinds
        said = f"{type(error).__name__}: {error}"
        raise _error(path, f"must be a program that this torch can read; it says {said}") from error


def _check(path: Path) -> None:
    try:
        faults = find_program_faults(path)
    except (OSError, ValueError, LookupError, TypeError, zipfile.BadZipFile) as error:
        message = f"must be a program in torch's .pt2 format, but is not: {error}"
        raise _error(path, message) from error
    if faults:
        raise _error(path, f"must say what is computed and no more, but has {excerpt(faults)}.")


def _error(path: Path, message: str) -> BundleError:
    headline = "The network of the bundle cannot be read."
    return BundleError(headline, [Problem(str(path), message)])
