"""What is wrong with rows, collected until all of them were looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["MAX_SHOWN", "Problems"]

MAX_SHOWN = 20
"""Problems that a message shows; the rest is counted."""


class Problems:
    """Collects problems with their rows, up to a limit.

    Rows are numbered from 0 in the order they are read; a reader knows where each stands in its
    file and says so when the error is raised.
    """

    def __init__(self) -> None:
        self.total = 0
        self._rows: list[tuple[int, str, str]] = []
        self._files: list[Problem] = []

    def add(self, where: str, message: str) -> None:
        """Note a problem whose place in the file is known."""
        self.total += 1
        if len(self._files) < MAX_SHOWN:
            self._files.append(Problem(where, message))

    def add_row(self, row: int, column: str, message: str) -> None:
        """Note a problem of one row, and of one of its columns (``""`` for the whole row)."""
        self.total += 1
        if len(self._rows) < MAX_SHOWN:
            self._rows.append((row, column, message))

    def count_more(self, number: int) -> None:
        """Count problems that would not be shown in any case."""
        self.total += number

    def raise_if_any(self, source: str, locate: Callable[[Iterable[int]], dict[int, str]]) -> None:
        """Raise what was found.

        Args:
            source: Where the rows come from, for the message.
            locate: Gives the place of rows in their file: ``line 12``.

        Raises:
            DataError: If there is a problem; shows the first ones and counts the rest.
        """
        if not self.total:
            return
        rows = sorted(self._rows, key=lambda problem: abs(problem[0]))
        places = locate({row for row, _, _ in rows}) if rows else {}
        shown = list(self._files)
        for row, column, message in rows:
            place = places.get(row, f"row {row + 1}")
            shown.append(Problem(f"{place}, {column}" if column else place, message))
        shown = shown[:MAX_SHOWN]
        if self.total > len(shown):
            shown.append(Problem("", f"… and {count(self.total - len(shown), 'problem')} more."))
        raise DataError(f"{source} cannot be read: {count(self.total, 'problem')}.", shown)
