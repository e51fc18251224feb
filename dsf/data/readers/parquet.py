"""Rows of Parquet files, in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa  # type: ignore[import-untyped]

from dsf.core.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dsf.data.readers.columns import ColumnNames
    from dsf.data.readers.options import ReadOptions
    from dsf.data.readers.problems import Problems

__all__ = ["ParquetRows"]

_BATCH = 50_000


class ParquetRows:
    """Rows of a Parquet file; only the columns that are named are read."""

    def __init__(
        self, source: Path, columns: ColumnNames, encoding: str, options: ReadOptions
    ) -> None:
        self.source = source
        self.columns = columns
        self.encoding = encoding
        self.options = options

    def batches(self, problems: Problems) -> Iterator[pa.Table]:
        """Read the file some thousand rows at a time."""
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

        del problems  # what is wrong with a cell is found in the normal form
        try:
            with pq.ParquetFile(self.source) as file:
                there = file.schema_arrow.names
                wanted = [name for name in self.columns.roles() if name in there]
                twice = [name for name in wanted if there.count(name) > 1]
                if twice:
                    problems_found = [Problem(name, "stands twice.") for name in twice]
                    raise DataError("Each column must be there once.", problems_found)
                # With a column missing, all names are needed for the message.
                full = len(wanted) == len(self.columns.roles())
                for batch in file.iter_batches(_BATCH, columns=wanted if full else None):
                    batch.validate(full=True)
                    yield pa.Table.from_batches([batch])
        except (pa.ArrowException, OSError, ValueError) as error:
            raise DataError(
                "The file must be whole and of the Parquet format.",
                [Problem(self.source.name, str(error))],
            ) from error

    def locate(self, rows: Iterable[int]) -> dict[int, str]:
        """Give the place of each row, from 1."""
        return {row: f"row {row + 1}" for row in rows}
