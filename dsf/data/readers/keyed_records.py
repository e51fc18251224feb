"""Records whose cells have keys, and their further columns, beside a table of tagged rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-untyped]

from dsf.data.readers.records import as_other, as_record, is_unicode, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.data.readers.columns import ColumnNames
    from dsf.data.readers.problems import Problems

__all__ = ["KeyedRecords"]


class KeyedRecords:
    """Reads the records of one batch after the other.

    Args:
        columns: Which keys of a record are read.
        needed: Keys that a record of the first batch must have.
        names: Names of the cells, if records are lists.
        problems: Where problems are put aside.
    """

    def __init__(
        self,
        columns: ColumnNames,
        needed: Sequence[str],
        names: tuple[str, ...],
        problems: Problems,
    ) -> None:
        self._columns = columns
        self._needed = needed
        self._names = names
        self._problems = problems
        self._is_checked = False

    def read(self, start: int, values: Sequence[Any]) -> list[dict[str, Any] | None]:
        """Give a record for each value; ``None`` for what is none, which is a problem.

        Args:
            start: Number of the first row.
            values: What the source has.

        Raises:
            DataError: If no record of the first ones has a column that is needed.
        """
        records = [self._record(row, value) for row, value in enumerate(values, start=start)]
        if not self._is_checked and any(records):
            there = list({key: None for record in records for key in record or ()})
            self._columns.check_there(there, self._needed)
            self._is_checked = True
        return records

    def add_others(
        self, table: pa.Table, start: int, records: Sequence[dict[str, Any] | None]
    ) -> pa.Table:
        """Put the further columns of records, as text, beside the table made of them."""
        for name in self._columns.others():
            cells = [
                self._other(row, name, record) for row, record in enumerate(records, start=start)
            ]
            table = table.append_column(name, pa.array(cells, pa.large_string()))
        return table

    def _record(self, row: int, value: Any) -> dict[str, Any] | None:
        record = as_record(value, self._names)
        if isinstance(record, str):
            self._problems.add_row(row, "", record)
            return None
        return record

    def _other(self, row: int, name: str, record: dict[str, Any] | None) -> str | None:
        text = as_other((record or {}).get(name))
        if text is not None and not is_unicode(text):
            self._problems.add_row(row, name, f"has half of a character: {shorten(text)}.")
            return None
        return text
