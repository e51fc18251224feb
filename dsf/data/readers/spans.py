"""Rows of JSON Lines with a text and its entities as spans of characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from dsf.core.excerpts import excerpt
from dsf.core.tagging import TokenSpan, spans_to_tags
from dsf.data.readers.json_lines import JsonLinesRows
from dsf.data.readers.label_check import unsafe_label
from dsf.data.readers.records import is_unicode
from dsf.data.readers.tag_check import TagCheck
from dsf.data.readers.tagged import TaggedRow, make_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa  # type: ignore[import-untyped]

    from dsf.data.readers.problems import Problems

__all__ = ["SpanRows"]

_BATCH = 5_000


class _Entity(NamedTuple):
    start: int
    end: int
    label: str


class SpanRows(JsonLinesRows):
    """Texts with entities: ``{"text": "to Rome", "entities": [[3, 7, "city"]]}``.

    An entity is ``[start, end, label]`` or an object with these keys; offsets count characters,
    and ``end`` is the first one behind it. Words are runs of letters and digits, other signs stand
    alone, and a word is cut where an entity begins or ends, so that none is lost. Tags are IOB2,
    unless the columns name another scheme.
    Entities that overlap have no tags, so they are a problem.
    """

    is_tagged = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._tags = TagCheck(self.columns)

    def batches(self, problems: Problems) -> Iterator[pa.Table]:
        """Read the file some thousand texts at a time."""
        rows: list[TaggedRow] = []
        for number, value in enumerate(self._values(problems)):
            rows.append(self._row(number, value, problems))
            if len(rows) == _BATCH:
                yield make_table(rows)
                rows = []
        yield make_table(rows)

    def _row(self, number: int, value: Any, problems: Problems) -> TaggedRow:
        names = self.columns
        text = value.get(names.text) if isinstance(value, dict) else None
        row = TaggedRow(self._lines[number])
        if not isinstance(text, str) or not text.strip() or not is_unicode(text):
            given = isinstance(value, dict) and names.text in value
            must = "must be a text that is not empty" + ("." if given else ", but is not there.")
            problems.add_row(number, names.text, must)
            return row
        row.text = text
        given = value.get(names.entities)
        if not isinstance(given, list):
            problems.add_row(number, names.entities, "must be a list; a text may have [].")
            return row
        entities = []
        for at, one in enumerate(given):
            entity = _read_entity(one)
            wrong = entity if isinstance(entity, str) else _fault(entity, text)
            if wrong:
                problems.add_row(number, f"{names.entities} {at}", wrong)
            elif not isinstance(entity, str):
                entities.append(entity)
        entities.sort()
        for left, right in pairwise(entities):
            if right.start < left.end:
                message = f"must not overlap, but {tuple(left)} and {tuple(right)} do."
                problems.add_row(number, names.entities, message)
                return row
        _tag(row, entities, self._tags.scheme or "iob2")
        for problem in self._tags.problems(row.tags, names.entities):
            problems.add_row(number, problem.where, problem.message)
        return row


def _read_entity(value: Any) -> _Entity | str:
    """Read an entity, or say what is wrong with its form."""
    if isinstance(value, dict):
        value = [value.get(key) for key in _Entity._fields]
    if not isinstance(value, list) or len(value) != 3:
        return "must be [start, end, label]."
    start, end, label = value
    if type(start) is not int or type(end) is not int or not isinstance(label, str):
        return f"must be [start, end, label], two numbers and a text, but is {excerpt(value)}."
    return _Entity(start, end, label)


def _fault(entity: _Entity, text: str) -> str | None:
    """Say why an entity cannot be one of its text."""
    start, end, label = entity
    if not 0 <= start < end <= len(text):
        return f"must lie in the text of {len(text)} characters, but is {start} to {end}."
    part = text[start:end]
    if part != part.strip():
        return f"must begin and end with a word, but has white space at an end: {part[:40]!r}."
    if not is_unicode(label):
        return "has half of a character in its label."
    return unsafe_label(label)


@cache
def _token_pattern() -> re.Pattern[str]:
    r"""Match a word or a sign that stands alone.

    Vowel signs of Indic scripts and accents that are characters of their own belong to the word;
    Python's ``\w`` leaves them out.
    """
    points = (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0))
    marks = "".join(sign for sign in map(chr, points) if unicodedata.category(sign)[0] == "M")
    return re.compile(rf"\w[\w\u200c\u200d{re.escape(marks)}]*|[^\w\s]")


def _tag(row: TaggedRow, entities: list[_Entity], scheme: str) -> None:
    """Cut the text into words that no entity's border crosses, and tag them."""
    borders = sorted({0, len(row.text), *(at for one in entities for at in one[:2])})
    for start, end in pairwise(borders):
        for found in _token_pattern().finditer(row.text, start, end):
            row.tokens.append(found.group())
            row.starts.append(found.start())
    place, spans = 0, []
    for entity in entities:
        while row.starts[place] < entity.start:
            place += 1
        first = place
        while place < len(row.starts) and row.starts[place] < entity.end:
            place += 1
        spans.append(TokenSpan(first, place, entity.label))
    row.tags = spans_to_tags(spans, len(row.tokens), scheme)
