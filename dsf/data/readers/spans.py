"""Rows of JSON Lines with a text and its entities as spans of characters."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dsf.data.readers.entities import read_entity, tag_entities
from dsf.data.readers.json_lines import JsonLinesRows
from dsf.data.readers.records import is_unicode, shorten
from dsf.data.readers.tagged import TaggedRow
from dsf.data.readers.tagged_tables import TaggedTables

if TYPE_CHECKING:
    from dsf.data.readers.columns import ColumnNames
    from dsf.data.readers.entities import Entity
    from dsf.data.readers.problems import Problems

__all__ = ["SpanRecords", "SpanRows"]


class SpanRows(JsonLinesRows):
    """Texts with entities: ``{"text": "to Rome", "entities": [[3, 7, "city"]]}``.

    An entity is ``[start, end, label]`` or an object with these keys; offsets count characters,
    and ``end`` is the first one behind it. Words are runs of letters and digits, other signs stand
    alone, and a word is cut where an entity begins or ends, so that none is lost. Tags are IOB2,
    unless the columns name another scheme.
    Entities that overlap have no tags, so they are a problem.
    """

    is_tagged = True
    tagged_keys = ("entities_column",)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.columns = replace(self.columns, text=self.columns.text or "text")

    def record_tables(self, problems: Problems) -> SpanRecords:
        """Give what makes tagged rows of texts and their entities."""
        return SpanRecords(self.columns, self.options, problems)


class SpanRecords(TaggedTables):
    """Makes tables of tagged rows; what is wrong with a record is a problem of its row.

    Args:
        columns: Which keys of a record are read.
        options: Names of the cells, if records are lists; whether white space around labels is
            taken away; and whether rows without text or without entities are left out, which they
            are later, or are a problem.
        problems: Where problems are put aside.
    """

    def needed(self, columns: ColumnNames) -> tuple[str, ...]:
        """Name text and entities."""
        return columns.text, columns.entities

    def read_row(self, row: int, record: dict[str, Any] | None) -> TaggedRow:
        """Read a record; a row without words if there are none, or they cannot be read."""
        found = TaggedRow(row + 1)
        if record is None or not self._has_text(row, record.get(self._columns.text)):
            return found
        found.text = record[self._columns.text]
        given = record.get(self._columns.entities)
        entities = self._entities(row, given, found.text)
        if entities is None:
            return found
        tag_entities(found, entities, self._tags.scheme or "iob2")
        for problem in self._tags.problems(found.tags, self._columns.entities):
            self._problems.add_row(row, problem.where, problem.message)
        if given is None:
            found.tags = []
        return found

    def _has_text(self, row: int, text: Any) -> bool:
        if text is None or (isinstance(text, str) and not text.strip()):
            fault = "must be a text that is not empty (options: drop_empty)."
            fault = "" if self._options.drop_empty else fault
        elif not isinstance(text, str):
            fault = f"must be text, but is {shorten(text)}."
        elif is_unicode(text):
            return True
        else:
            fault = f"has half of a character: {shorten(text)}."
        if fault:
            self._problems.add_row(row, self._columns.text, fault)
        return False

    def _entities(self, row: int, given: Any, text: str) -> list[Entity] | None:
        """Read the entities of a text in their order; ``None`` if they cannot be told."""
        name = self._columns.entities
        if given is None and self._options.drop_missing:
            return []
        if not isinstance(given, list):
            hint = " (options: drop_missing)" if given is None else ""
            self._problems.add_row(row, name, f"must be a list; a text may have []{hint}.")
            return None
        entities = []
        for at, one in enumerate(given):
            entity = read_entity(one, text, strip_labels=self._options.strip_labels)
            if isinstance(entity, str):
                self._problems.add_row(row, f"{name} {at}", entity)
            else:
                entities.append(entity)
        entities.sort()
        for left, right in pairwise(entities):
            if right.start < left.end:
                message = f"must not overlap, but {tuple(left)} and {tuple(right)} do."
                self._problems.add_row(row, name, message)
                return None
        return entities
