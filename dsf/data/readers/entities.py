"""Entities of a text as spans of characters, and the tags of its words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from dsf.core.excerpts import excerpt
from dsf.core.tagging import TokenSpan, spans_to_tags
from dsf.data.readers.records import is_unicode
from dsf.data.safe_labels import unsafe_label

if TYPE_CHECKING:
    from dsf.data.readers.tagged import TaggedRow

__all__ = ["Entity", "read_entity", "tag_entities"]


class Entity(NamedTuple):
    """Characters of a text from ``start`` to before ``end``, and what they are."""

    start: int
    end: int
    label: str


def read_entity(value: Any, text: str, *, strip_labels: bool) -> Entity | str:
    """Read an entity, or say why it cannot be one of its text."""
    if isinstance(value, dict):
        value = [value.get(key) for key in Entity._fields]
    if not isinstance(value, list) or len(value) != 3:
        return "must be [start, end, label]."
    start, end, label = value
    if type(start) is not int or type(end) is not int or not isinstance(label, str):
        return f"must be [start, end, label], two numbers and a text, but is {excerpt(value)}."
    entity = Entity(start, end, label.strip() if strip_labels else label)
    return _fault(entity, text) or entity


def tag_entities(row: TaggedRow, entities: list[Entity], scheme: str) -> None:
    """Cut the text of a row into words that no entity's border crosses, and tag them."""
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


def _fault(entity: Entity, text: str) -> str | None:
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
