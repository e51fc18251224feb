"""Rows of a file, all columns of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from dsf.core.errors import DataError, Problem
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["load_data"]

_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": pd.read_csv,
    ".json": pd.read_json,
    ".jsonl": lambda path: pd.read_json(path, lines=True),
    ".parquet": pd.read_parquet,
    ".tsv": lambda path: pd.read_csv(path, sep="\t"),
}


def load_data(file_path: str) -> pd.DataFrame:
    """Read a file, by its ending: csv, json, jsonl, parquet or tsv.

    A run with no hook of its own beside this one reads the same file through
    :mod:`dsf.data.readers`, which tells lines and columns of everything that is wrong.

    Args:
        file_path: The file, relative to the working folder.

    Raises:
        DataError: If it cannot be read.
    """
    path = Path(file_path)
    read = _READERS.get(path.suffix.lower())
    if read is None:
        hint = did_you_mean(path.suffix, _READERS)
        message = f"must end in one of {', '.join(_READERS)}, but ends in {path.suffix!r}.{hint}"
        raise DataError("The rows cannot be read.", [Problem(str(path), message)])
    try:
        return read(path)
    except (OSError, ValueError) as error:
        message = f"must be a readable {path.suffix} file, but: {error}."
        raise DataError("The rows cannot be read.", [Problem(str(path), message)]) from error
