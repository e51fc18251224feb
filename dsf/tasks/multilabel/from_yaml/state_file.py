"""A file that keeps rows as they were split, so that the next run has the same parts."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pandas as pd

from dsf.core.atomic import atomic_path
from dsf.core.config import diff_configs, freeze_config
from dsf.core.errors import RunMismatchError
from dsf.core.hashing import hash_files
from dsf.data import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["read_state", "write_state"]

_CONFIG = "config.json"
_KEYS = (
    *("hooks", "text_column", "label_columns", "split_strategy", "seed"),
    *("train_ratio", "validation_ratio", "test_ratio", "encoding", "read_options"),
)
_SOURCE = "sha256 of the data set"


def write_state(
    path: Path,
    parts: Mapping[str, pd.DataFrame],
    dataset_config: Mapping[str, Any],
    source: Path | None,
) -> None:
    """Write a ZIP archive of the parts as Parquet and what they were made with, whole or not.

    Args:
        path: The file.
        parts: Part → its rows.
        dataset_config: Section of the config.
        source: File that the rows were read from; ``None`` if it is not known.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        archive.writestr(_CONFIG, json.dumps(_describe(dataset_config, source), indent=2))
        for part in PARTS:
            content = io.BytesIO()
            parts[part].to_parquet(content, index=False)
            archive.writestr(f"{part}.parquet", content.getvalue())


def read_state(
    path: Path, dataset_config: Mapping[str, Any], source: Path | None
) -> dict[str, pd.DataFrame]:
    """Read the parts that :func:`write_state` wrote.

    Args:
        path: The file.
        dataset_config: Section of the config; must be the same as then.
        source: File that the rows would be read from; if it is there, its content must be the same.

    Raises:
        RunMismatchError: If it is no such file, or was made with another config or data set.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            then = json.loads(archive.read(_CONFIG))
            content = {part: archive.read(f"{part}.parquet") for part in PARTS}
        parts = {part: pd.read_parquet(io.BytesIO(table)) for part, table in content.items()}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise RunMismatchError(
            f"{path}: the state file must be one that an earlier run has written, but is not "
            f"({type(error).__name__}). Take it away, or name another one."
        ) from error
    now = _describe(dataset_config, source)
    if now[_SOURCE] is None:  # the rows are in the state file
        now[_SOURCE] = then.get(_SOURCE)
    if changes := list(diff_configs(then, now)):
        listed = "\n".join(f"  - {one.path}: {one.old} -> {one.new}" for one in changes)
        raise RunMismatchError(
            f"{path}: the state file must fit the config and the data, but was made with "
            f"others:\n{listed}\nTake it away to read and split the rows anew, or name another one."
        )
    return parts


def _describe(dataset_config: Mapping[str, Any], source: Path | None) -> dict[str, Any]:
    described = freeze_config({key: dataset_config.get(key) for key in _KEYS})
    there = source is not None and source.is_file()
    described[_SOURCE] = hash_files([source], source.parent)[source.name] if there else None  # type: ignore[list-item,union-attr]
    plain: dict[str, Any] = json.loads(json.dumps(described))
    return plain
