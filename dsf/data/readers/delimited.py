"""Rows of CSV and TSV files, in batches."""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.csv as pa_csv  # type: ignore[import-untyped]

from dsf.core.errors import DataError, Problem
from dsf.data.readers.bytes import Utf8Stream, explain_encoding
from dsf.data.readers.csv_records import CsvRecords
from dsf.data.readers.problems import MAX_SHOWN
from dsf.data.readers.quotes import QuoteWatch
from dsf.data.readers.reader import RowReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dsf.data.readers.problems import Problems

__all__ = ["CsvRows", "TsvRows"]

_BLOCK = 1 << 23
_HEAD = 1 << 20


class CsvRows(RowReader):
    """Rows of a file whose cells stand between commas; a quoted cell may hold line ends.

    Every cell is text as it stands. Blank lines count for nothing. A row with more or fewer cells
    than the header is a problem, and so is a quote that nothing closes, or that closes a cell
    before its end: rows may have gone into that cell.
    """

    delimiter = ","

    has_lists = False
    takes_names = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._delimiter = self.options.delimiter or self.delimiter
        self._records = CsvRecords(self.source, self.encoding, self._delimiter)
        self._ragged: list[int] = []
        # Put behind the end of the file. If it does not come out as the last row, it went into a
        # quoted cell that nothing closes, and so did rows before it.
        self._end = ("\x02" if self._delimiter == "\x01" else "\x01") * 12

    def misfits(self) -> list[Problem]:
        """List what is asked for in vain; a header has the names of the columns already."""
        found = super().misfits()
        if self.options.names and self.options.header:
            message = "is for a file without a header; add header: false, or leave it out."
            found.append(Problem("read_options.names", message))
        return found

    def batches(self, problems: Problems) -> Iterator[pa.Table]:
        """Read the file block by block; every column is text."""
        try:
            yield from map(self._with_gaps, self._read(problems))
        except UnicodeError as error:
            raise explain_encoding(self.source, self.encoding) from error
        except pa.ArrowInvalid as error:
            if "UTF8" in str(error):
                raise explain_encoding(self.source, self.encoding) from error
            raise DataError(
                f"{self.source.name} must be a table of cells between {self._delimiter!r}, with "
                f"less than {_BLOCK >> 20} MiB a row.",
                [Problem("file", str(error)), *islice(self._records.faults(), MAX_SHOWN)],
            ) from error

    def locate(self, rows: Iterable[int]) -> dict[int, str]:
        """Give the line on which each row begins, as an editor counts lines."""
        numbers = {self._record(row): row for row in rows}
        lines = self._records.lines(set(numbers))
        return {numbers[at]: f"line {line}" for at, line in lines.items()}

    def _read(self, problems: Problems) -> Iterator[pa.Table]:
        width = self._width()
        end = ("\n" + self._delimiter.join([self._end] * width) + "\n").encode()
        watch = QuoteWatch(self._delimiter)
        with Utf8Stream(self.source, self.encoding, end, watch) as stream:
            reader = self._open(stream, width, problems)
            names = list(self.options.names) or [f"column_{i}" for i in range(width)]
            held: pa.Table | None = None
            for batch in reader:
                table = pa.Table.from_batches([batch])
                if held is None and self.options.header and len(table):
                    names = [str(column[0]) for column in table.columns]
                    table = table.slice(1)
                self._check_names(names, width)
                # One block is held back: the last row of the last one is the mark of the end.
                if held is not None and len(held):
                    yield held
                held = table.rename_columns(names)
            if held is None:
                raise _no_rows(self.source)
            is_closed = len(held) > 0 and held.column(width - 1)[-1].as_py() == self._end
            if not is_closed or not (watch.is_sound or self._records.are_sound()):
                self._add_faults(problems)
            yield held.slice(0, max(len(held) - 1, 0))

    def _width(self) -> int:
        """Count the cells of the first row."""
        with Utf8Stream(self.source, self.encoding) as stream:
            head = io.BufferedReader(stream).read(_HEAD)
        head = head.decode("utf-8", "ignore").encode()  # without the character that was cut
        if not head.strip(b"\r\n"):
            raise _no_rows(self.source)
        with pa_csv.open_csv(
            io.BytesIO(head),
            read_options=pa_csv.ReadOptions(
                use_threads=False, autogenerate_column_names=True, block_size=_BLOCK
            ),
            parse_options=self._parse_options(lambda _: "skip"),
            convert_options=pa_csv.ConvertOptions(check_utf8=False),
        ) as reader:
            return len(reader.schema)

    def _open(
        self, stream: Utf8Stream, width: int, problems: Problems
    ) -> pa_csv.CSVStreamingReader:
        def note(row: pa_csv.InvalidRow) -> str:
            self._ragged.append(row.number - 1)
            if self._end not in row.text:
                message = f"must have {row.expected_columns} cells, but has {row.actual_columns}: "
                problems.add_row(-row.number, "", message + repr(row.text[:60]) + ".")
            return "skip"

        return pa_csv.open_csv(
            stream,
            read_options=pa_csv.ReadOptions(
                use_threads=False, autogenerate_column_names=True, block_size=_BLOCK
            ),
            parse_options=self._parse_options(note),
            convert_options=pa_csv.ConvertOptions(
                column_types={f"f{place}": pa.large_string() for place in range(width)}
            ),
        )

    def _parse_options(self, handler: object) -> pa_csv.ParseOptions:
        return pa_csv.ParseOptions(
            delimiter=self._delimiter,
            newlines_in_values=True,
            invalid_row_handler=cast("None", handler),
        )

    def _check_names(self, names: list[str], width: int) -> None:
        problems = []
        if len(names) != width:
            problems.append(
                Problem("names", f"must name {width} columns, but there are {len(names)}.")
            )
        for name in dict.fromkeys(names):
            if name in self.columns.roles() and names.count(name) > 1:
                problems.append(Problem(name, "must be one column, but the header repeats it."))
        if problems:
            raise DataError(f"{self.source.name} must name its columns, each once.", problems)

    def _with_gaps(self, table: pa.Table) -> pa.Table:
        """Make empty cells of further columns missing; the normal form knows about the others."""
        for name in self.columns.others():
            if name in table.column_names:
                cells = table.column(name)
                cells = pc.if_else(pc.equal(cells, ""), None, cells)
                table = table.set_column(table.column_names.index(name), name, cells)
        return table

    def _add_faults(self, problems: Problems) -> None:
        before = problems.total
        for fault in self._records.faults():
            problems.add(fault.where, fault.message)
        if problems.total == before:
            problems.add(self.source.name, "has a quote without its other one.")

    def _record(self, row: int) -> int:
        """Give the place of a row among all records of the file, those left out included.

        A negative row is the number, from 1, of a record that was left out itself.
        """
        if row < 0:
            return -row - 1
        record = row + int(self.options.header)
        for ragged in sorted(self._ragged):
            record += ragged <= record
        return record


class TsvRows(CsvRows):
    """Rows of a file whose cells stand between tabs; otherwise as :class:`CsvRows`."""

    delimiter = "\t"


def _no_rows(source: Path) -> DataError:
    return DataError(
        f"{source.name} must have rows, but is empty.", [Problem("file", "has no row at all.")]
    )
