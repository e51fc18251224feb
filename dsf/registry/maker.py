"""Which process makes a logged model, and whether it has ended since."""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Maker"]

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NUMBERS = Path("/proc/self/ns/pid")  # containers of one machine number their processes themselves
_DEAD = ("Z", "X")
_START = 19  # place of the start in what /proc tells of a process after its name


@dataclass(frozen=True)
class Maker:
    """A process, told so that another one can see whether it still is.

    Attributes:
        host: Name of the machine or container.
        boot: What the machine calls the time since it was started; empty where it has no word.
        numbers: Which of the machine's numberings of processes ``pid`` is of; empty as ``boot``.
        pid: Its number.
        start: When it began, in ticks since the machine was started; empty as ``boot``. Another
            process may have its number later.
    """

    host: str
    boot: str
    numbers: str
    pid: int
    start: str

    @classmethod
    def current(cls) -> Maker:
        """This process."""
        pid = os.getpid()
        numbers = ""
        with suppress(OSError):
            numbers = str(_NUMBERS.readlink())
        return cls(socket.gethostname(), _read(_BOOT), numbers, pid, _read_start(pid))

    def to_text(self) -> str:
        """Give it as JSON, for a tag."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Maker | None:
        """Read what :meth:`to_text` gave; ``None`` of any other text."""
        try:
            found = json.loads(text)
            texts = {name: str(found[name]) for name in ("host", "boot", "numbers", "start")}
            return cls(**texts, pid=int(found["pid"]))
        except (ValueError, TypeError, KeyError):
            return None

    def is_at(self, other: Maker) -> bool:
        """Whether both are of one machine or container, since it was started last."""
        mine, theirs = ((one.host, one.boot, one.numbers) for one in (self, other))
        return mine == theirs

    def has_ended(self) -> bool:
        """Whether it is no more; of a process at the same place (:meth:`is_at`) only."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except (PermissionError, OverflowError):
            pass  # it is of another user, or no number of a process
        return _read_start(self.pid) != self.start


def _read_start(pid: int) -> str:
    told = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()  # names may have spaces
    # One that was killed stays in the table until whoever started it looks.
    return told[_START] if len(told) > _START and told[0] not in _DEAD else ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
