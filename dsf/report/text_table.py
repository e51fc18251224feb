"""Tables and paragraphs of plain text that are never wider than a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["WIDTH", "fill", "one_line", "text_table"]

WIDTH = 80
_GAP = "  "
_LEAST = 12
"""Characters that a table must leave for names; with less, each name gets a line of its own."""


def one_line(text: object) -> str:
    """Write any text on one line."""
    return " ".join(str(text).split())


def fill(text: str, indent: str = "") -> str:
    """Break a paragraph into lines.

    Args:
        text: The paragraph.
        indent: What all lines but the first begin with.
    """
    return textwrap.fill(one_line(text), WIDTH, subsequent_indent=indent)


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Align cells: the first column to the left, the others to the right.

    Columns of numbers that are empty in all rows are left out. A name for which there is no room
    stands on a line of its own, above its numbers.

    Args:
        head: Of each column.
        rows: Cells, as many as there are heads.
    """
    if not rows:
        return []
    kept = [place for place in range(len(head)) if not place or any(row[place] for row in rows)]
    lines = [[line[place] for place in kept] for line in [head, *rows]]
    names = [_shorten(line[0]) for line in lines]
    widths = [max(len(line[place]) for line in lines) for place in range(1, len(kept))]
    room = WIDTH - sum(width + len(_GAP) for width in widths)
    if room < _LEAST:
        room = len(_GAP)
    first = max((len(name) for name in names if len(name) <= room), default=0)
    return [
        text
        for name, (_, *cells) in zip(names, lines, strict=True)
        for text in _row(name, cells, first, widths)
    ]


def _row(name: str, cells: Sequence[str], first: int, widths: Sequence[int]) -> list[str]:
    above = [name] if len(name) > first else []
    begin = "" if above else name
    aligned = [cell.rjust(width) for cell, width in zip(cells, widths, strict=True)]
    line = _GAP.join([begin.ljust(first), *aligned]).rstrip()
    if len(line) <= WIDTH:
        return [*above, *([line] if line else [])]
    told = textwrap.wrap(_GAP.join(filter(None, cells)), WIDTH - len(_GAP))
    return [*([name] if name else []), *(f"{_GAP}{part}" for part in told)]


def _shorten(name: str) -> str:
    """Keep the spaces in front, which say what a name belongs to."""
    indent = name[: len(name) - len(name.lstrip(" "))]
    text = indent + one_line(name)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
