"""The one door to rows, whatever holds them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-untyped]

from dsf.core.errors import DataError, Problem
from dsf.data.label_layout import LABELS_ATTRIBUTE
from dsf.data.readers.bytes import check_encoding
from dsf.data.readers.columns import ColumnNames
from dsf.data.readers.label_columns import spread_labels
from dsf.data.readers.options import ReadOptions
from dsf.data.readers.problems import Problems
from dsf.data.readers.store import collect, to_rows
from dsf.data.readers.table import find_format, find_reader
from dsf.data.scoring_columns import SCORING_ATTRIBUTE
from dsf.data.times import read_times

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from dsf.data.readers.reader import RowReader

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
    each, which ``rows.attrs["label_columns"]`` names if they come out of one column. Empty cells
    are missing; nothing else is.

    Tagged texts (of a tagged format, or with columns of the kind ``tags``) give ``text``,
    ``tokens``, ``starts`` (the offset of each token in the text, in characters) and ``tags``; the
    last three are lists.

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
    check_encoding(encoding)
    columns = columns or ColumnNames()
    columns.roles()  # says now what is wrong with them
    format = find_format(source, format)
    is_path = isinstance(source, str | Path)
    name = Path(source).name if is_path else type(source).__name__
    reader = find_reader(format)(
        Path(source) if is_path else source, columns, encoding, ReadOptions.from_mapping(options)
    )
    table, counts = _read_table(reader, name, Path(store) if store else None)
    table, labels = spread_labels(table, reader.columns)
    rows = to_rows(table)
    if columns.time is not None and columns.time in rows.columns:
        rows[columns.time] = read_times(rows[columns.time])
    rows.attrs["reading"] = {"source": str(source) if is_path else name, "format": format, **counts}
    if columns.scoring:
        rows.attrs[SCORING_ATTRIBUTE] = list(columns.scoring)
    if labels:
        rows.attrs[LABELS_ATTRIBUTE] = labels
    return rows


def _read_table(
    reader: RowReader, name: str, store: Path | None
) -> tuple[pa.Table, dict[str, int]]:
    """Read all rows of a reader in their normal form, and the counts of what was read."""
    problems = Problems()
    shape = reader.normal_form(problems)

    def tables() -> Iterator[pa.Table]:
        yield from map(shape, reader.batches(problems))
        problems.raise_if_any(name, reader.locate)  # before a store is published

    try:
        table = collect(tables(), store)
    except OSError as error:
        found = Problem(name, error.strerror or str(error))
        raise DataError(f"{name} must be readable.", [found]) from error
    except pa.ArrowException as error:
        raise DataError(f"{name} cannot be read.", [Problem(name, str(error))]) from error
    if table is None:
        raise DataError(f"{name} must have rows.", [Problem(name, "has none.")])
    return table, shape.finish()
