"""Parts of a split on disk: those that a run keeps, and files that are mapped into memory."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from dsf.core.atomic import atomic_path, storage_errors
from dsf.data.readers.store import collect, map_table, to_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np

__all__ = ["read_part", "store_parts", "write_part"]

_STRETCH = 16_384  # rows that are in memory at once
_READ_AHEAD = 1 << 20  # bytes; as it stands, Arrow keeps all that it has read of a Parquet file


def store_parts(
    rows: pd.DataFrame, codes: np.ndarray, parts: Sequence[str], folder: Path
) -> dict[str, pd.DataFrame]:
    """Write each part to an Arrow file, and give it mapped into memory.

    Rows are read once, a stretch at a time, in their order.

    Args:
        rows: The whole data set.
        codes: Number of each row's part. Shape: ``(rows,)``.
        parts: Names of the parts; every one has a row.
        folder: Gets ``<part>.arrow`` for each.

    Raises:
        StorageError: If the files cannot be written.
    """
    schema = pa.Schema.from_pandas(rows, preserve_index=False).remove_metadata()
    files = [folder / f"{part}.arrow" for part in parts]
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            work = [stack.enter_context(atomic_path(path)) for path in files]
            _write_parts(rows, codes, work, schema)
            tables = [map_table(path) for path in work]
    stored = {part: to_rows(table) for part, table in zip(parts, tables, strict=True)}
    for part in stored.values():
        part.attrs.update(rows.attrs)
    return stored


def _write_parts(
    rows: pd.DataFrame, codes: np.ndarray, files: Sequence[Path], schema: pa.Schema
) -> None:
    """Write each row to the file of its part."""
    with ExitStack() as stack:
        writers = [stack.enter_context(pa.ipc.new_file(str(path), schema)) for path in files]
        for start in range(0, len(rows), _STRETCH):
            here = codes[start : start + _STRETCH]
            stretch = rows.iloc[start : start + _STRETCH]
            table = pa.Table.from_pandas(stretch, schema=schema, preserve_index=False)
            for code, writer in enumerate(writers):
                writer.write_table(table.filter(pa.array(here == code)))


def write_part(rows: pd.DataFrame, path: Path) -> None:
    """Write a part as a run keeps it: a Parquet file that can be read a stretch at a time."""
    rows.to_parquet(path, index=False, row_group_size=_STRETCH)


def read_part(path: Path, *, store: Path | None = None) -> pd.DataFrame:
    """Read what :func:`write_part` wrote.

    Args:
        path: The Parquet file.
        store: Folder that gets the rows as an Arrow file, which is then mapped into memory, so
            that texts are never held whole. Keep it as long as the rows. ``None`` holds them.

    Raises:
        StorageError: If ``store`` cannot be written.
    """
    if store is None:
        return pd.read_parquet(path)
    table = collect(_stretches(path), store / f"{path.stem}.arrow")
    return pd.read_parquet(path) if table is None else table.to_pandas()


def _stretches(path: Path) -> Iterator[pa.Table]:
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    with pq.ParquetFile(path, buffer_size=_READ_AHEAD, pre_buffer=False) as file:
        for batch in file.iter_batches(_STRETCH):
            yield pa.Table.from_batches([batch])
