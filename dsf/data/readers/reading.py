"""The one door to rows, whatever holds them."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from dsf.core.errors import DataError, Problem
from dsf.data.readers.bytes import check_encoding
from dsf.data.readers.columns import ColumnNames
from dsf.data.readers.options import ReadOptions
from dsf.data.readers.problems import Problems
from dsf.data.readers.store import collect, to_rows
from dsf.data.readers.table import find_format, find_reader
from dsf.data.readers.text import TextRows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["read_rows"]


def read_rows(
    source: Any,
    *,
    format: str | None = None,
    columns: ColumnNames | None = None,
    encoding: str = "utf-8",
    options: Mapping[str, Any] | None = None,
    store: str | Path | None = None,
) -> pd.DataFrame:
    """Read rows in their normal form.

    No row is left out, merged or changed unless an option says so; ``rows.attrs["reading"]``
    counts them: ``rows``, ``duplicate_rows``, ``dropped_empty``, ``dropped_missing`` and
    ``dropped_duplicates``. Labels are text; those of ``multilabel`` are one 0/1 ``int8`` column
    each. Empty cells are missing; nothing else is.

    Formats of tagged texts give ``text``, ``tokens``, ``starts`` (the offset of each token in the
    text, in characters) and ``tags``; the last three are lists.

    Args:
        source: A file, a ``Dataset`` or ``DatasetDict`` of Hugging Face, or a folder it was saved
            to.
        format: A name in :data:`FORMATS`; by default the ending of the file says it.
        columns: Which columns hold what.
        encoding: Of a text file; a byte order mark does no harm.
        options: See :class:`dsf.data.readers.options.ReadOptions`.
        store: An Arrow file to write. The rows are then read in batches, and their text stays in
            that file, mapped into memory. Keep the file as long as the rows are used.

    Raises:
        ConfigError: If the format, the encoding, a column or an option is not known.
        DataError: If the rows cannot be used; lists row and column of everything that is wrong.
        StorageError: If ``store`` cannot be written.
    """
    columns = columns or ColumnNames()
    columns.roles()
    chosen = ReadOptions.from_mapping(options)
    check_encoding(encoding)
    format = find_format(source, format)
    is_path = isinstance(source, str | Path)
    name = Path(source).name if is_path else type(source).__name__
    kind = find_reader(format)
    reader = kind(Path(source) if is_path else source, columns, encoding, chosen)
    problems = Problems()
    shape = getattr(kind, "shape", TextRows)(columns, chosen, problems)

    def tables() -> Iterator[pa.Table]:
        yield from map(shape, reader.batches(problems))
        problems.raise_if_any(name, reader.locate)  # before a store is published

    try:
        table = collect(tables(), Path(store) if store else None)
    except OSError as error:
        raise _unreadable(name, error) from error
    except pa.ArrowException as error:
        raise DataError(f"{name} cannot be read.", [Problem(name, str(error))]) from error
    if table is None:
        raise DataError(f"{name} must have rows.", [Problem(name, "has none.")])
    if isinstance(shape, TextRows):
        table = _spread_labels(table, columns)
    rows = to_rows(table)
    if columns.time is not None and columns.time in rows.columns:
        rows[columns.time] = _as_time(rows[columns.time])
    rows.attrs["reading"] = {
        "source": str(source) if is_path else name,
        "format": format,
        **shape.finish(),
    }
    return rows


def _unreadable(name: str, error: OSError) -> Exception:
    return DataError(f"{name} must be readable.", [Problem(name, error.strerror or str(error))])


def _spread_labels(table: pa.Table, columns: ColumnNames) -> pa.Table:
    """Turn a column with all labels of a row into one 0/1 column a label."""
    if columns.kind != "multilabel" or len(columns.labels) != 1:
        return table
    (name,) = columns.labels
    lists = table.column(name).combine_chunks()
    encoded = pc.dictionary_encode(pc.list_flatten(lists))
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    texts = encoded.dictionary.to_pylist()
    names = list(columns.label_names) or sorted(texts)
    if not names:
        raise DataError("A label must occur in the data.", [Problem(name, "has no label at all.")])
    places = np.array([names.index(text) for text in texts], dtype=np.int64)
    matrix = np.zeros((len(names), len(table)), dtype=np.int8)
    matrix[places[encoded.indices.to_numpy()], pc.list_parent_indices(lists).to_numpy()] = 1
    table = table.drop_columns([name])
    for label, row in zip(names, matrix, strict=True):
        table = table.append_column(label, pa.array(row))
    return table


def _as_time(times: pd.Series) -> pd.Series:
    """Read times as numbers or as dates of ISO 8601; others stay text."""
    errors = (ValueError, TypeError, OverflowError)
    with contextlib.suppress(*errors):
        return pd.to_numeric(times)
    with contextlib.suppress(*errors):
        return pd.to_datetime(times, format="ISO8601", utc=True)
    return times
