"""Rows of files with one word a line: IOB2, BILOU and other columns of the CoNLL tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.data.readers.sentences import SentenceRows

if TYPE_CHECKING:
    from dsf.data.readers.problems import Problems
    from dsf.data.readers.tagged import TaggedRow

__all__ = ["BilouRows", "ColumnRows", "Iob2Rows"]


class ColumnRows(SentenceRows):
    """Texts of a file with a word and its tag on each line; a blank line ends a text.

    Cells stand between tabs, or, in lines without a tab, between spaces. All lines of a file have
    as many cells as its first. ``-DOCSTART-`` lines and their blank line are no text.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._cells = 0

    def add_word(self, row: TaggedRow, number: int, line: str, problems: Problems) -> None:
        """Read a line of cells."""
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
        elif not cells[places[0]].strip():
            wrong = "must have a word and a tag, but the word is empty"
        if wrong:
            problems.add(f"line {number}", f"{wrong}: {line[:60]!r}.")
            cells, places = ["-", "O"], (0, 1)
        token, tag = (cells[place].strip() for place in places)
        self.put(row, number, (token, tag), problems)


class Iob2Rows(ColumnRows):
    """Texts whose tags are ``O``, or ``B-`` or ``I-`` with a label."""

    scheme = "iob2"


class BilouRows(ColumnRows):
    """Texts whose tags are ``O``, or ``B-``, ``I-``, ``L-`` or ``U-`` with a label."""

    scheme = "bilou"
