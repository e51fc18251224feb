"""Rows of files with one word a line, whatever stands on the line."""

from __future__ import annotations

from abc import abstractmethod
from array import array
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from dsf.data.readers.bytes import open_lines
from dsf.data.readers.reader import RowReader
from dsf.data.readers.tag_check import TagCheck
from dsf.data.readers.tagged import TaggedRow, make_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa  # type: ignore[import-untyped]

    from dsf.data.readers.problems import Problems

__all__ = ["SentenceRows"]

_BATCH = 5_000


class SentenceRows(RowReader):
    """Texts of a file with a word and its tag on each line; a blank line ends a text.

    A format says how a line is read (:meth:`add_word`). Texts are made of the words, with a space
    between two.
    """

    is_tagged = True
    scheme: ClassVar[str | None] = None
    """The scheme that the format's tags have; ``None``: the columns say it."""
    comment: ClassVar[str | None] = None
    """What a line that is no word begins with."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._lines = array("q")
        self._tags = TagCheck(self.columns, self.scheme)

    def batches(self, problems: Problems) -> Iterator[pa.Table]:
        """Read the file some thousand texts at a time."""
        rows = self._rows(problems)
        while batch := list(islice(rows, _BATCH)):
            self._lines.extend(row.line for row in batch)
            yield make_table(batch)

    def locate(self, rows: Iterable[int]) -> dict[int, str]:
        """Give the line on which each text begins."""
        return {row: f"line {self._lines[row]}" for row in rows}

    @abstractmethod
    def add_word(self, row: TaggedRow, number: int, line: str, problems: Problems) -> None:
        """Read one line, and add its word and tag to the row that it belongs to."""

    def _rows(self, problems: Problems) -> Iterator[TaggedRow]:
        row = TaggedRow(1)
        for number, line in enumerate(open_lines(self.source, self.encoding), start=1):
            if self.comment is not None and line.startswith(self.comment):
                continue
            if line.strip():
                if not row.tokens:
                    row.line = number
                self.add_word(row, number, line, problems)
                continue
            if row.tokens:
                yield self._finish(row, problems)
            row = TaggedRow(number + 1)
        if row.tokens:
            yield self._finish(row, problems)

    def _finish(self, row: TaggedRow, problems: Problems) -> TaggedRow:
        for problem in self._tags.problems(row.tags, f"text of line {row.line}"):
            problems.add(problem.where, problem.message)
        row.join()
        return row
