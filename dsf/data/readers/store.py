"""Tables as rows of pandas, whole in memory or left in a file that is mapped into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from dsf.core.atomic import atomic_path, storage_errors

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["collect", "map_table", "to_rows"]


def collect(tables: Iterable[pa.Table], store: Path | None) -> pa.Table | None:
    """Put tables behind each other.

    Args:
        tables: At least one has rows, or nothing is given back. All have the same columns.
        store: An Arrow file to write them to; the result is then that file, mapped. ``None``
            keeps them in memory.

    Raises:
        StorageError: If the disk is full or may not be written to.
    """
    if store is None:
        kept = [table for table in tables if len(table)]
        return pa.concat_tables(kept, promote_options="permissive") if kept else None
    with atomic_path(store) as work:
        if not _write(tables, work):
            return None
        return map_table(work)


def map_table(path: Path) -> pa.Table:
    """Map an Arrow file into memory.

    Map it before it gets its name: what another process puts in its place is then none of ours.

    Raises:
        StorageError: If it cannot be read.
    """
    with storage_errors(path), pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def _write(tables: Iterable[pa.Table], path: Path) -> int:
    writer, rows = None, 0
    with path.open("wb") as file:
        for table in tables:
            if not len(table):
                continue
            if writer is None:
                writer = pa.ipc.new_file(file, table.schema)
                schema = table.schema
            writer.write_table(table.cast(schema))
            rows += len(table)
        if writer is not None:
            writer.close()
    return rows


def to_rows(table: pa.Table) -> pd.DataFrame:
    """Give a table as rows: text stays where it lies, lists become lists of Python."""
    columns: dict[str, Any] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        columns[name] = _series(column)
    return pd.DataFrame(columns)


def _series(column: pa.ChunkedArray) -> Any:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        large = column.cast(pa.large_string())
        kind = pd.StringDtype("pyarrow", na_value=np.nan)
        return pd.Series(pd.array(large, dtype=kind))
    if pa.types.is_nested(column.type):
        return pd.Series(column.to_pylist(), dtype=object)
    return column.to_pandas()
