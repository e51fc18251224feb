"""A file that keeps rows as they were split, so that the next run has the same parts."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pandas as pd

from dsf.core.atomic import atomic_path
from dsf.core.config import diff_configs
from dsf.core.errors import RunMismatchError
from dsf.data import PARTS
from dsf.tasks.multilabel.from_yaml.row_origin import FILES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["read_state", "write_state"]

_CONFIG = "config.json"
_FOREIGN = (AttributeError, KeyError, TypeError, ValueError, zipfile.BadZipFile)


def write_state(path: Path, parts: Mapping[str, pd.DataFrame], origin: Mapping[str, Any]) -> None:
    """Write a ZIP archive of the parts as Parquet and what they were made with, whole or not.

    Args:
        path: The file.
        parts: Part → its rows.
        origin: What decided them; see :func:`describe_origin`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        archive.writestr(_CONFIG, json.dumps(origin, indent=2))
        for part in PARTS:
            content = io.BytesIO()
            parts[part].to_parquet(content, index=False)
            archive.writestr(f"{part}.parquet", content.getvalue())


def read_state(path: Path, origin: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Read the parts that :func:`write_state` wrote.

    Args:
        path: The file.
        origin: What would decide the parts now; must be the same as then. A file that is gone does
            not matter: its rows are here.

    Raises:
        RunMismatchError: If it is no such file, or was made with another config or data set.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            then = json.loads(archive.read(_CONFIG))
            content = {part: archive.read(f"{part}.parquet") for part in PARTS}
        parts = {part: pd.read_parquet(io.BytesIO(table)) for part, table in content.items()}
        files = {place: origin[FILES].get(place, known) for place, known in then[FILES].items()}
    except (OSError, *_FOREIGN) as error:
        raise RunMismatchError(
            f"{path}: the state file must be one that an earlier run has written, but is not "
            f"({type(error).__name__}). Take it away, or name another one."
        ) from error
    now = {**origin, FILES: files}
    if changes := list(diff_configs(then, now)):
        listed = "\n".join(f"  - {one.path}: {one.old} -> {one.new}" for one in changes)
        raise RunMismatchError(
            f"{path}: the state file must fit the config, the data and the code, but was made with "
            f"others:\n{listed}\nTake it away to read and split the rows anew, or name another one."
        )
    return parts
