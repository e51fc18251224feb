"""Records with a list of words and a list of tags, as tables of tagged rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.excerpts import count
from dsf.data.readers.records import is_unicode, shorten
from dsf.data.readers.tagged import TaggedRow
from dsf.data.readers.tagged_tables import TaggedTables

if TYPE_CHECKING:
    from dsf.data.readers.columns import ColumnNames

__all__ = ["TagRecords"]


class TagRecords(TaggedTables):
    """Makes tables of tagged rows; what is wrong with a record is a problem of its row.

    The text is the record's own, if it has one, and the words must stand in it: where the record
    says, or one after the other. Otherwise it is made of the words. Every record gives a row, so
    that further columns can be put beside the table.

    Args:
        columns: Which keys of a record are read.
        options: Names of the cells, if records are lists; whether white space around tags is
            taken away; and whether rows without words or without tags are left out, which they
            are later, or are a problem.
        problems: Where problems are put aside.
    """

    def needed(self, columns: ColumnNames) -> tuple[str, ...]:
        """Name words and tags."""
        return columns.tokens, columns.tags

    def read_row(self, row: int, record: dict[str, Any] | None) -> TaggedRow:
        """Read a record; a row without words if there are none, or they cannot be read."""
        found = TaggedRow(row + 1)
        if record is None or not self._has_words(row, record):
            return found
        tokens, tags = record[self._columns.tokens], record.get(self._columns.tags)
        if self._options.strip_labels and isinstance(tags, list):
            tags = [tag.strip() if isinstance(tag, str) else tag for tag in tags]
        is_dropped = tags is None and self._options.drop_missing
        if not is_dropped and not self._has_tags(row, tags, len(tokens)):
            return found
        found.tokens, found.tags = tokens, tags or []
        self._place(row, record, found)
        return found

    def _has_words(self, row: int, record: dict[str, Any]) -> bool:
        name = self._columns.tokens
        tokens = record.get(name)
        if tokens is None or tokens == []:
            if not self._options.drop_empty:
                message = "must have words, but has none (options: drop_empty)."
                self._problems.add_row(row, name, message)
            return False
        fault = _fault(tokens)
        if fault:
            self._problems.add_row(row, name, fault)
        return not fault

    def _has_tags(self, row: int, tags: Any, words: int) -> bool:
        name = self._columns.tags
        if tags is None:
            self._problems.add_row(row, name, "must have tags (options: drop_missing).")
            return False
        fault = _fault(tags)
        if not fault and len(tags) != words:
            fault = f"must be one for each of {count(words, 'word')}, but are {len(tags)}."
        if fault:
            self._problems.add_row(row, name, fault)
            return False
        for problem in self._tags.problems(tags, name):
            self._problems.add_row(row, problem.where, problem.message)
        return True

    def _place(self, row: int, record: dict[str, Any], found: TaggedRow) -> None:
        """Put the words of a row in their places in its text."""
        columns = self._columns
        text = record.get(columns.text) if columns.text else None
        if text is None:
            found.join()
            return
        if not isinstance(text, str) or not is_unicode(text):
            self._problems.add_row(row, columns.text, f"must be text, but is {shorten(text)}.")
            return
        given = record.get(columns.starts)
        starts = _find_starts(text, found.tokens) if given is None else given
        wrong = _misplaced(text, found.tokens, starts)
        if wrong:
            name = columns.text if given is None else columns.starts
            self._problems.add_row(row, name, wrong)
        else:
            found.text, found.starts = text, starts


def _fault(cells: Any) -> str:
    """Say why cells are no list of words or tags; empty if they are."""
    if not isinstance(cells, list):
        return f"must be a list of texts, but is {shorten(cells)}."
    for at, cell in enumerate(cells):
        if not isinstance(cell, str) or not cell.strip():
            hint = "; name its number (ClassLabel)" if type(cell) is int else ""
            return f"must be texts that are not empty, but {at} is {shorten(cell)}{hint}."
        if not is_unicode(cell):
            return f"has half of a character in {at}: {shorten(cell)}."
    return ""


def _find_starts(text: str, tokens: list[str]) -> list[int]:
    """Find words one after the other; -1 for those that are not there."""
    starts, end = [], 0
    for token in tokens:
        start = text.find(token, end)
        starts.append(start)
        end = end if start < 0 else start + len(token)
    return starts


def _misplaced(text: str, tokens: list[str], starts: Any) -> str:
    """Say which word does not stand where it should; empty if all do."""
    if not isinstance(starts, list) or len(starts) != len(tokens):
        return f"must be a list with a number for each of {count(len(tokens), 'word')}."
    end = 0
    for at, (token, start) in enumerate(zip(tokens, starts, strict=True)):
        if type(start) is not int or start < end or not text.startswith(token, start):
            return (
                f"must have word {at}, {shorten(token)}, behind the one before it, but has not; "
                "name no text column to make the text of the words."
            )
        end = start + len(token)
    return ""
