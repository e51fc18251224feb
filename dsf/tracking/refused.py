"""What a store would not take: set aside with the reason, told once, never lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from dsf.core.atomic import write_bytes
from dsf.tracking.events import Event, from_line, to_line
from dsf.tracking.line_file import LineFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["REFUSED_FILE", "Refused", "RefusedEvents"]

REFUSED_FILE = "refused.jsonl"


class Refused(NamedTuple):
    """An event that was set aside.

    Attributes:
        event: ``None`` if the journal's line was none of ours.
        where: The store, without credentials.
        reason: What it said.
        line: The event as it stood in the journal, as text.
    """

    event: Event | None
    where: str
    reason: str
    line: str


class RefusedEvents:
    """The events of a run that were set aside.

    Args:
        folder: The run's ``tracking`` folder.
    """

    def __init__(self, folder: Path) -> None:
        self._file = LineFile(folder / REFUSED_FILE)

    @property
    def path(self) -> Path:
        """The file; absent if nothing was ever set aside."""
        return self._file.path

    def add(self, event: Event | None, where: str, reason: str, line: bytes = b"") -> None:
        """Set an event aside.

        Args:
            event: The event, or ``None`` for a line that is none.
            where: The store that refused it, without credentials.
            reason: What it said.
            line: The line of the journal, where there is no event.

        Raises:
            StorageError: If the disk does not take it.
        """
        text = (to_line(event) if event else line).decode("utf-8", "replace").rstrip("\n")
        self._file.append(_write({"where": where, "reason": reason, "event": text}))

    def read(self) -> list[Refused]:
        """Give all that was set aside, in order."""
        found = []
        for line in self._file.read():
            try:
                data = json.loads(line.content)
                found.append(
                    Refused(_event(data["event"]), data["where"], data["reason"], data["event"])
                )
            except (ValueError, KeyError, TypeError):  # edited by hand: it stays as it is
                text = line.content.decode("utf-8", "replace").rstrip("\n")
                found.append(Refused(None, "", "", text))
        return found

    def replace(self, kept: Sequence[Refused]) -> None:
        """Keep only these; the file goes when nothing is left.

        Raises:
            StorageError: If the disk does not take it.
        """
        if not kept:
            self.path.unlink(missing_ok=True)
            return
        lines = [
            _write({"where": one.where, "reason": one.reason, "event": one.line}) for one in kept
        ]
        write_bytes(self.path, b"".join(lines))


def _write(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=True).encode("ascii") + b"\n"


def _event(text: str) -> Event | None:
    try:
        return from_line(text.encode("utf-8", "surrogatepass"))
    except ValueError:
        return None
