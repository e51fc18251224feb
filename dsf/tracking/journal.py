"""The journal of a run: all that was logged, in order, whether or not it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dsf.tracking.events import Event, from_line, to_line
from dsf.tracking.line_file import LineFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["JOURNAL_FILE", "TRACKING_FOLDER", "Entry", "Journal"]

TRACKING_FOLDER = "tracking"
JOURNAL_FILE = "journal.jsonl"


class Entry(NamedTuple):
    """One event of a journal.

    Attributes:
        event: ``None`` if the line is none that we wrote: damaged, or edited by hand.
        end: Where the next line begins, in bytes.
        line: As it stands in the file.
    """

    event: Event | None
    end: int
    line: bytes


class Journal:
    """All that was logged in a run, one line each. Any number of processes may append.

    Args:
        folder: The run's ``tracking`` folder.
    """

    def __init__(self, folder: Path) -> None:
        self._file = LineFile(folder / JOURNAL_FILE)

    @property
    def path(self) -> Path:
        """The file."""
        return self._file.path

    def append(self, event: Event) -> None:
        """Add an event.

        Raises:
            TypeError: If its content is no plain data.
            StorageError: If the disk does not take it.
        """
        self._file.append(to_line(event))

    def read(self, start: int = 0) -> Iterator[Entry]:
        """Give the events from byte ``start`` on."""
        for line in self._file.read(start):
            try:
                yield Entry(from_line(line.content), line.end, line.content)
            except ValueError:
                yield Entry(None, line.end, line.content)

    def size(self) -> int:
        """Size in bytes; 0 before the first event."""
        return self._file.size()
