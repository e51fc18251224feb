"""Rows of Parquet files, in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-untyped]

from dsf.core.errors import DataError, Problem
from dsf.data.readers.reader import RowReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dsf.data.readers.problems import Problems

__all__ = ["ParquetRows"]

_BATCH = 50_000
_READ_AHEAD = 1 << 20  # bytes; as it stands, Arrow keeps all that it has read of the file


class ParquetRows(RowReader):
    """Rows of a Parquet file; only the columns that are named are read."""

    def batches(self, problems: Problems) -> Iterator[pa.Table]:
        """Read the file some thousand rows at a time."""
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

        make = self.record_tables(problems) if self.columns.kind == "tags" else None
        try:
            with pq.ParquetFile(self.source, buffer_size=_READ_AHEAD, pre_buffer=False) as file:
                wanted = self._wanted(file.schema_arrow.names)
                for batch in file.iter_batches(_BATCH, columns=wanted):
                    batch.validate(full=True)
                    table = _decoded(pa.Table.from_batches([batch]))
                    # What is wrong with other cells is found in the normal form.
                    yield table if make is None else self._tagged(table, make)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise DataError(
                "The file must be whole and of the Parquet format.",
                [Problem(self.source.name, str(error))],
            ) from error

    def _wanted(self, there: list[str]) -> list[str]:
        """Name the columns to read.

        Raises:
            DataError: If one is not there, or stands twice.
        """
        self.columns.check_there(there)
        wanted = [name for name in self.columns.roles() if name in there]
        twice = [Problem(name, "stands twice.") for name in wanted if there.count(name) > 1]
        if twice:
            raise DataError("Each column must be there once.", twice)
        return wanted

    def _tagged(self, table: pa.Table, make: Callable[[list[Any]], pa.Table]) -> pa.Table:
        """Make tagged rows; columns that are neither words nor tags stay as they are."""
        others = self.columns.others()
        lists = table.drop_columns(list(others))
        rows = make([{**row, **dict.fromkeys(others)} for row in lists.to_pylist()])
        for name in others:
            rows = rows.set_column(rows.column_names.index(name), name, table.column(name))
        return rows


def _decoded(table: pa.Table) -> pa.Table:
    """Write out what is stored as numbers of a dictionary: each row group may have its own."""
    for at, field in enumerate(table.schema):
        plain = _plain(field.type)
        if plain != field.type:
            table = table.set_column(at, field.name, table.column(at).cast(plain))
    return table


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_list(kind) and pa.types.is_dictionary(kind.value_type):
        return pa.list_(kind.value_type.value_type)
    if pa.types.is_large_list(kind) and pa.types.is_dictionary(kind.value_type):
        return pa.large_list(kind.value_type.value_type)
    return kind
