"""What a network computes, read from a file that holds neither weights nor Python code."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

from dsf.core.errors import BundleError, Problem

if TYPE_CHECKING:
    from pathlib import Path

    import torch

__all__ = ["load_program"]

_HEADLINE = "The network of the bundle cannot be read."
_PAYLOADS = "_config.json"  # files that list weights and constants, and how they are stored
_FOREIGN = "data/aotinductor/"  # compiled code, which torch would load and run


def load_program(path: Path, device: torch.device) -> Any:
    """Load what :func:`dsf.export.write_program` wrote.

    Args:
        path: The file.
        device: Where to compute.

    Returns:
        Takes weights by name, in the order of their names, and rows; gives scores.

    Raises:
        BundleError: If it is no such file, or holds what would be unpickled or run as it is.
    """
    import torch
    from torch.export.passes import move_to_device_pass

    _check(path)
    try:
        program = torch.export.load(path)
    except Exception as error:  # torch raises many kinds
        message = f"must be a program that this torch can read, but torch says: {error}"
        raise BundleError(_HEADLINE, [Problem(str(path), message)]) from error
    if device.type != "cpu":  # what it makes itself, such as positions, is made where it computes
        program = move_to_device_pass(program, device)
    return program.module()


def _check(path: Path) -> None:
    """Refuse a file that torch would unpickle or run parts of."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            lists = [name for name in names if name.endswith(_PAYLOADS)]
            stored = [json.loads(archive.read(name))["config"].values() for name in lists]
            examples = [name for name in names if "/sample_inputs/" in name]
            pickled = [name for name in examples if archive.getinfo(name).file_size]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        message = f"must be a program in torch's .pt2 format, but is not: {error}"
        raise BundleError(_HEADLINE, [Problem(str(path), message)]) from error
    pickled += [str(one["path_name"]) for part in stored for one in part if one["use_pickle"]]
    pickled += [name for name in names if _FOREIGN in name]
    if pickled:
        message = f"must hold nothing that is unpickled or compiled, but has {', '.join(pickled)}."
        raise BundleError(_HEADLINE, [Problem(str(path), message)])
