"""Whether the quotes of a CSV may stand where they should not, seen while it is read."""

from __future__ import annotations

import numpy as np

__all__ = ["QuoteWatch"]

_QUOTE = ord('"')


class QuoteWatch:
    """Looks at the bytes of a CSV as they pass.

    Where all quotes are sound, they come in turns: one opens a cell, and stands behind a delimiter
    or a line end; the next one closes it, and stands before one. Two quotes that mean one are such
    a turn as well, with nothing between them. So counting finds every file that is not sound, at
    the price of a few that are: those with quoted cells, and quotes in others. Where no quote could
    open a cell, all are text.
    """

    def __init__(self, delimiter: str) -> None:
        self._is_start = np.zeros(256, dtype=bool)
        self._is_start[list(f"{delimiter}\r\n".encode())] = True
        self._is_border = self._is_start.copy()
        self._is_border[_QUOTE] = True
        self._held = b"\n"  # the start of a file is that of a cell
        self._quotes = 0
        self._take_turns = True
        self._open_cells = False

    @property
    def is_sound(self) -> bool:
        """Whether all quotes so far are where they should be, but for one that is not closed."""
        return self._take_turns or not self._open_cells

    def __call__(self, content: bytes) -> None:
        """Look at the next bytes; the last one of all is judged only when another follows."""
        if not self.is_sound:
            return
        content = self._held + content
        self._held = content[-2:]
        if b'"' not in content:
            return
        signs = np.frombuffer(content, dtype=np.uint8)
        places = np.flatnonzero(signs[1:-1] == _QUOTE) + 1
        turn = self._quotes % 2
        self._quotes += len(places)
        if self._take_turns:
            before, behind = signs[places[turn::2] - 1], signs[places[1 - turn :: 2] + 1]
            self._take_turns = bool(self._is_border[before].all() and self._is_border[behind].all())
        if not self._open_cells:
            self._open_cells = bool(self._is_start[signs[places - 1]].any())
