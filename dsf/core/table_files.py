"""Tables that others wrote, CSV or Parquet, read as they are."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pandas as pd

from dsf.core.errors import DataError, Problem, RunNotFoundError
from dsf.core.excerpts import count, excerpt, first_problems

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["find_ours", "read_table"]

_SEPARATORS = {".csv": ",", ".tsv": "\t"}
_PARQUET = ".parquet"
_HEADLINE = "The table cannot be read."


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
    ending = path.suffix.lower()
    if ending not in {_PARQUET, *_SEPARATORS}:
        raise _unreadable(path, "must end in .csv, .tsv or .parquet.")
    try:
        if ending == _PARQUET:
            return _with_named_index(pd.read_parquet(path))
        separator = _SEPARATORS[ending]
        if problems := _find_line_problems(path, separator):
            raise DataError(_HEADLINE, first_problems(problems))
        reading = {} if types else {"dtype": str, "keep_default_na": False}
        return pd.read_csv(  # type: ignore[call-overload, no-any-return]
            path, sep=separator, encoding="utf-8-sig", index_col=False, **reading
        )
    except UnicodeDecodeError as error:
        message = f"must be text in UTF-8, but byte {error.start} is not. Write it again in UTF-8."
        raise _unreadable(path, message) from error
    except pd.errors.EmptyDataError as error:
        raise _unreadable(path, "must have a header and rows, but is empty.") from error
    except (OSError, ValueError) as error:  # those of pyarrow and of pandas' parser are both
        first = str(error).partition("\n")[0]
        raise _unreadable(path, f"must be a table, but cannot be read: {first}") from error


def _with_named_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Make columns of an index with a name: row_id may have been made one."""
    names = [name for name in frame.index.names if name is not None and name not in frame.columns]
    return frame.reset_index(names) if names else frame


def _find_line_problems(path: Path, separator: str) -> list[Problem]:
    """Find what pandas would read without a word: columns of one name, and lines too short or long.

    It shifts the columns of a table whose lines all end in a comma.
    """
    problems = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, delimiter=separator)
        try:
            header = next((line for line in lines if line), [])
            repeated = sorted({name for name in header if header.count(name) > 1})
            if repeated:
                message = f"must name each column once, but repeats {excerpt(repeated, 20)}."
                problems.append(Problem(f"{path}, line {lines.line_num}", message))
            wanted = len(header)
            for line in lines:
                if line and len(line) != wanted:
                    message = (
                        f"must have {count(wanted, 'value')}, as the header has, but has "
                        f"{len(line)}."
                    )
                    problems.append(Problem(f"{path}, line {lines.line_num}", message))
        except csv.Error:  # a value of more than 128 KiB, say, which pandas can read
            return problems
    return problems


def find_ours(path: Path) -> bool:
    """Whether a file holds predictions that dsf wrote, of whichever kind.

    Raises:
        RunNotFoundError: If there is no such file.
        DataError: If it ends in ``.parquet`` and is something else.
    """
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    _check_there(path)
    if path.suffix.lower() != _PARQUET:
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
    return DataError(_HEADLINE, [Problem(str(path), message)])
