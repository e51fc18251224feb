"""A file of lines that several processes append to, and that a killed one cannot spoil."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from filelock import FileLock

from dsf.core.atomic import storage_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Line", "LineFile"]

_POLL = 0.002  # seconds between two looks at the lock: whoever holds it writes one line
_BACKWARDS = 65536  # bytes read at a time when the beginning of a torn line is searched


class Line(NamedTuple):
    """One line, and where the next one begins, in bytes."""

    content: bytes
    end: int


class LineFile:
    """A file of lines, each whole or not there.

    Args:
        path: The file. It and its folder are made by the first append.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = path.with_name(f"{path.name}.lock")

    def append(self, line: bytes) -> None:
        """Add a line; half a line, which a killed writer left, is cut off first.

        Args:
            line: With its line end, and no other one in it.

        Raises:
            StorageError: If the disk takes no more. What was there before stays.
        """
        with storage_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # A lock object of its own each time: a forked process inherits none that is held.
            with FileLock(self._lock, poll_interval=_POLL):
                flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
                file = os.open(self.path, flags, 0o666)
                try:
                    _cut_torn_line(file)
                    _write_whole(file, line)
                finally:
                    os.close(file)

    def read(self, start: int = 0) -> Iterator[Line]:
        """Give the whole lines from byte ``start`` on; a torn last one is left out.

        Args:
            start: 0, or the end of an earlier line.
        """
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return
        with file:
            file.seek(start)
            end = start
            for line in file:
                if not line.endswith(b"\n"):
                    return
                end += len(line)
                yield Line(line, end)

    def size(self) -> int:
        """Size in bytes; 0 if there is no file."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0


def _cut_torn_line(file: int) -> None:
    size = end = os.lseek(file, 0, os.SEEK_END)
    while end > 0:
        begin = max(0, end - (1 if end == size else _BACKWARDS))
        os.lseek(file, begin, os.SEEK_SET)
        at = os.read(file, end - begin).rfind(b"\n")
        if at >= 0:
            end = begin + at + 1
            break
        end = begin
    if end < size:
        os.ftruncate(file, end)


def _write_whole(file: int, line: bytes) -> None:
    """Write in one go; a disk that fills up in the middle is found out by the second one."""
    written = os.write(file, line)
    while written < len(line):
        written += os.write(file, line[written:])
