"""Rows of a file, all columns of it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from dsf.core.errors import DataError, Problem
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["load_data"]


def _read_cells(path: Path, delimiter: str) -> pd.DataFrame:
    """Read text as it stands, be it NA, null or 007: only an empty cell is missing."""
    return pd.read_csv(path, sep=delimiter, dtype=str, keep_default_na=False, na_values=[""])


def _read_json(path: Path) -> pd.DataFrame:
    """Read values as they stand; pandas would make numbers and dates of texts."""
    return pd.DataFrame(json.loads(path.read_text(encoding="utf-8-sig")))


def _read_json_lines(path: Path) -> pd.DataFrame:
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    return pd.DataFrame([json.loads(line) for line in lines if line.strip()])


_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": partial(_read_cells, delimiter=","),
    ".json": _read_json,
    ".jsonl": _read_json_lines,
    ".parquet": pd.read_parquet,
    ".tsv": partial(_read_cells, delimiter="\t"),
}


def load_data(file_path: str) -> pd.DataFrame:
    """Read a file, by its ending: csv, json, jsonl, parquet or tsv.

    The cells of csv and tsv are all text, those of json what they are there. A run with no hook of
    its own beside this one reads the same file through :mod:`dsf.data.readers`, which tells lines
    and columns of everything that is wrong.

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
