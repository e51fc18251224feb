"""Rows of files with one word a line, whatever stands on the line."""

from __future__ import annotations

from abc import abstractmethod
from array import array
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from dsf.core.errors import Problem
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
    tagged_keys: ClassVar[tuple[str, ...]] = (
        "read_options.token_column",
        "read_options.tag_column",
    )
    scheme: ClassVar[str | None] = None
    """The scheme that the format's tags have; ``None``: the columns say it."""
    comment: ClassVar[str | None] = None
    """What a line that is no word begins with."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._lines = array("q")
        self._tags = TagCheck(self.columns, self.scheme)

    def misfits(self) -> list[Problem]:
        """List what is asked for in vain; a text has no columns but its words and tags."""
        message = (
            "is a further column, which this format has not; leave it out, or write JSON lines "
            "with text and entities (format spans) or tokens and tags (jsonl)."
        )
        return [*super().misfits(), *(Problem(name, message) for name in self.columns.others())]

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
        """Read one line, and put its word and tag into the row that it belongs to."""

    def put(self, row: TaggedRow, number: int, pair: tuple[str, str], problems: Problems) -> None:
        """Put a word and its tag into a row; that there is no tag is a problem of its line."""
        token, tag = pair
        if not tag and not self.options.drop_missing:
            message = f"must have a tag for {token[:40]!r} (options: drop_missing)."
            problems.add(f"line {number}", message)
        row.tokens.append(token)
        row.tags.append(tag)

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
        if not all(row.tags):
            row.tags = []  # with one of its tags, a text lacks its tags
        for problem in self._tags.problems(row.tags, f"text of line {row.line}"):
            problems.add(problem.where, problem.message)
        row.join()
        return row
