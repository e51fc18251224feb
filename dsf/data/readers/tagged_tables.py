"""Tables of tagged rows, made of records with keys."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from dsf.data.readers.keyed_records import KeyedRecords
from dsf.data.readers.tag_check import TagCheck
from dsf.data.readers.tagged import TaggedRow, make_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa  # type: ignore[import-untyped]

    from dsf.data.readers.columns import ColumnNames
    from dsf.data.readers.options import ReadOptions
    from dsf.data.readers.problems import Problems

__all__ = ["TaggedTables"]


class TaggedTables(ABC):
    """Makes a table of each batch of records; a subclass reads one record.

    Args:
        columns: Which keys of a record are read.
        options: How records are read where there is a choice.
        problems: Where problems are put aside.
    """

    def __init__(self, columns: ColumnNames, options: ReadOptions, problems: Problems) -> None:
        self._columns = columns
        self._options = options
        self._problems = problems
        self._tags = TagCheck(columns)
        needed = (*self.needed(columns), *columns.others())
        self._records = KeyedRecords(columns, needed, options.names, problems)
        self._read = 0

    def __call__(self, values: Sequence[Any]) -> pa.Table:
        """Make a table of the next records, with their other columns as text.

        Raises:
            DataError: If no record of the first ones has a column that is wanted.
        """
        records = self._records.read(self._read, values)
        rows = [self.read_row(row, record) for row, record in enumerate(records, start=self._read)]
        table = self._records.add_others(make_table(rows), self._read, records)
        self._read += len(records)
        return table

    @abstractmethod
    def needed(self, columns: ColumnNames) -> tuple[str, ...]:
        """Name the columns that a source must have, beside the further ones."""

    @abstractmethod
    def read_row(self, row: int, record: dict[str, Any] | None) -> TaggedRow:
        """Read a record, and put aside what is wrong with it."""
