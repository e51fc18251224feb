"""Rows of files with one word a line: IOB2, BILOU and other columns of the CoNLL tasks."""

from __future__ import annotations

from array import array
from itertools import islice
from typing import TYPE_CHECKING

from dsf.data.readers.bytes import open_lines
from dsf.data.readers.tagged import TaggedRow, TaggedRows, make_table
from dsf.data.tagging import check_tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa  # type: ignore[import-untyped]

    from dsf.data.readers.columns import ColumnNames
    from dsf.data.readers.options import ReadOptions
    from dsf.data.readers.problems import Problems

__all__ = ["BilouRows", "ColumnRows", "Iob2Rows"]

_BATCH = 5_000


class ColumnRows:
    """Texts of a file with a word and its tag on each line; a blank line ends a text.

    Cells stand between tabs, or, in lines without a tab, between spaces. All lines of a file have
    as many cells as its first. ``-DOCSTART-`` lines and their blank line are no text.
    """

    shape = TaggedRows
    scheme: str | None = None

    def __init__(
        self, source: Path, columns: ColumnNames, encoding: str, options: ReadOptions
    ) -> None:
        self.source = source
        self.columns = columns
        self.encoding = encoding
        self.options = options
        self._lines = array("q")
        self._cells = 0

    def batches(self, problems: Problems) -> Iterator[pa.Table]:
        """Read the file some thousand texts at a time."""
        rows = self._rows(problems)
        while batch := list(islice(rows, _BATCH)):
            self._lines.extend(row.line for row in batch)
            yield make_table(batch)

    def locate(self, rows: Iterable[int]) -> dict[int, str]:
        """Give the line on which each text begins."""
        return {row: f"line {self._lines[row]}" for row in rows}

    def _rows(self, problems: Problems) -> Iterator[TaggedRow]:
        row = TaggedRow(1)
        for number, line in enumerate(open_lines(self.source, self.encoding), start=1):
            if line.strip():
                if not row.tokens:
                    row.line = number
                self._add(row, number, line, problems)
                continue
            if row.tokens:
                yield self._finish(row, problems)
            row = TaggedRow(number + 1)
        if row.tokens:
            yield self._finish(row, problems)

    def _add(self, row: TaggedRow, number: int, line: str, problems: Problems) -> None:
        if line.split()[0] == "-DOCSTART-":
            return
        cells = line.split("\t") if "\t" in line else line.split()
        self._cells = self._cells or len(cells)
        width = len(cells)
        places = (self.options.token_column, self.options.tag_column)
        wrong = None
        if width != self._cells:
            wrong = f"must have {self._cells} cells as the first line, but has {width}"
        elif width < 2 or not all(-width <= place < width for place in places):
            wrong = f"must have a word and a tag in columns {places}, but has {width} cells"
        elif not all(cells[place].strip() for place in places):
            wrong = "must have a word and a tag, but one is empty"
        if wrong:
            problems.add(f"line {number}", f"{wrong}: {line[:60]!r}.")
            cells, places = ["-", "O"], (0, 1)
        row.tokens.append(cells[places[0]].strip())
        row.tags.append(cells[places[1]].strip())

    def _finish(self, row: TaggedRow, problems: Problems) -> TaggedRow:
        if self.scheme is not None:
            for problem in check_tags(row.tags, self.scheme, f"text of line {row.line}"):
                problems.add(problem.where, problem.message)
        row.join()
        return row


class Iob2Rows(ColumnRows):
    """Texts whose tags are ``O``, or ``B-`` or ``I-`` with a label."""

    scheme = "iob2"


class BilouRows(ColumnRows):
    """Texts whose tags are ``O``, or ``B-``, ``I-``, ``L-`` or ``U-`` with a label."""

    scheme = "bilou"
