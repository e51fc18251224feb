"""Records of a CSV with the lines on which they stand, for messages."""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dsf.core.errors import Problem
from dsf.data.readers.bytes import Utf8Stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["CsvRecords"]


class CsvRecords:
    """Reads a CSV once more, record by record; slower than Arrow, but it knows the lines.

    Args:
        source: The file.
        encoding: Its encoding.
        delimiter: What stands between its cells.
    """

    def __init__(self, source: Path, encoding: str, delimiter: str) -> None:
        self._source = source
        self._encoding = encoding
        self._delimiter = delimiter

    def lines(self, wanted: set[int]) -> dict[int, int]:
        """Find the lines on which records begin, by the numbers of the records from 0."""
        found: dict[int, int] = {}
        record, line = 0, 1
        with self._open() as text:
            for cells, raw in self._records(text):
                if cells:
                    if record in wanted:
                        found[record] = line
                    record += 1
                line += len(raw)
        return found

    def are_sound(self) -> bool:
        """Whether each quote that opens is closed, with nothing between it and the next cell."""
        with self._open() as text:
            try:
                for _ in csv.reader(text, delimiter=self._delimiter, strict=True):
                    pass
            except csv.Error:
                return False
        return True

    def faults(self) -> Iterator[Problem]:
        """Find the records whose quotes are not sound."""
        first = 1
        with self._open() as text:
            for _, raw in self._records(text):
                message = self._fault(raw, first) if any('"' in line for line in raw) else None
                if message:
                    yield Problem(f"line {first}", message)
                first += len(raw)

    @contextmanager
    def _open(self) -> Iterator[io.TextIOWrapper]:
        old_limit = csv.field_size_limit(1 << 30)
        try:
            with Utf8Stream(self._source, self._encoding) as stream:
                yield io.TextIOWrapper(
                    io.BufferedReader(stream), encoding="utf-8", errors="replace", newline=""
                )
        finally:
            csv.field_size_limit(old_limit)

    def _records(self, text: Iterable[str]) -> Iterator[tuple[list[str], list[str]]]:
        """Give the cells and the lines of each record."""
        raw: list[str] = []
        try:
            for cells in csv.reader(_noted(text, raw), delimiter=self._delimiter):
                yield cells, list(raw)
                raw.clear()
        except csv.Error:
            return  # The line of what follows stays unknown; its row is named instead.

    def _fault(self, raw: list[str], first: int) -> str | None:
        """Say what is wrong with the quotes of one record; ``None`` if nothing is."""
        rest = iter([*raw, ""])
        reader = csv.reader(rest, delimiter=self._delimiter, strict=True)
        try:
            next(reader)
        except csv.Error:
            if next(rest, None) is None:
                return "opens a quote that nothing closes; all that follows is one cell."
            line = raw[reader.line_num - 1].rstrip("\r\n")
            end = first + reader.line_num - 1
            where = f" on line {end}, and all before it is one cell" if end > first else ""
            return (
                f"has text behind the quote that closes a cell{where}: {line[:60]!r}. A quote "
                'that is text is written twice ("") in a quoted cell.'
            )
        return None


def _noted(lines: Iterable[str], raw: list[str]) -> Iterator[str]:
    for line in lines:
        raw.append(line)
        yield line
