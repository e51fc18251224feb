"""Tables that others wrote, CSV or Parquet, read as they are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from dsf.core.errors import DataError, Problem, RunNotFoundError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["find_ours", "read_table"]

_SEPARATORS = {".csv": ",", ".tsv": "\t"}
_PARQUET = ".parquet"


def read_table(path: Path, *, types: bool = False) -> pd.DataFrame:
    r"""Read a table; its rows are numbered from 0 on.

    Args:
        path: ``.csv`` (commas), ``.tsv`` (tabs) or ``.parquet``.
        types: Whether the columns of a CSV file are made numbers where they look like it. If not,
            they are text as it stands, so that an id ``007`` and a label ``NA`` stay what they
            are; nothing is then ``""``.

    Raises:
        RunNotFoundError: If there is no such file.
        DataError: If it is no such table.
    """
    _check_there(path)
    try:
        if path.suffix == _PARQUET:
            return pd.read_parquet(path)
        if path.suffix not in _SEPARATORS:
            raise _unreadable(path, "must end in .csv, .tsv or .parquet.")
        reading = {} if types else {"dtype": str, "keep_default_na": False}
        separator = _SEPARATORS[path.suffix]
        return pd.read_csv(path, sep=separator, encoding="utf-8-sig", **reading)  # type: ignore[call-overload, no-any-return]
    except (OSError, ValueError) as error:  # those of pyarrow and of pandas' parser are both
        first = str(error).partition("\n")[0]
        raise _unreadable(path, f"must be a table, but cannot be read: {first}") from error


def find_ours(path: Path) -> bool:
    """Whether a file holds predictions that dsf wrote, of whichever kind.

    Raises:
        RunNotFoundError: If there is no such file.
        DataError: If it ends in ``.parquet`` and is something else.
    """
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    _check_there(path)
    if path.suffix != _PARQUET:
        return False
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (OSError, ValueError) as error:
        raise _unreadable(path, f"must be a Parquet file, but cannot be read: {error}") from error
    said = json.loads(metadata.get(b"PANDAS_ATTRS", b"{}"))
    return bool(said.keys() & {"outputs", "tags", "labels"})


def _check_there(path: Path) -> None:
    if not path.is_file():
        raise RunNotFoundError(f"{path}: a file of predictions must be here, but is not.")


def _unreadable(path: Path, message: str) -> DataError:
    return DataError("The table cannot be read.", [Problem(str(path), message)])
