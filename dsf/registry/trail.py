"""The trail of champions: who made which version the champion, when, on which grounds.

Each change is a tag ``dsf.trail.20261122T121314.000015Z`` of the version that it befell, with plain
JSON. The names of the tags are in the order of time.
"""

from __future__ import annotations

import getpass
import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from dsf.tracking.mlflow_limits import MAX_TAG, cut_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "PROMOTED",
    "REPLACED",
    "ROLLED_BACK",
    "TRAIL_TAG",
    "TrailEntry",
    "next_stamp",
    "past_champions",
    "read_trail",
    "who_acts",
]

PROMOTED = "promoted"
"""The version became champion, by its verdict or by force."""

ROLLED_BACK = "rolled back"
"""A version became champion again, because the one after it was given up; both tell of it."""

REPLACED = "replaced"
"""The version was champion until another one was promoted."""

UNREADABLE = "unreadable"
"""Somebody has changed the tag, so that it says nothing any more."""

TRAIL_TAG = "dsf.trail."

_STAMP = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True)
class TrailEntry:
    """One change of the champion, as it befell one version.

    Attributes:
        what: :data:`PROMOTED`, :data:`ROLLED_BACK` or :data:`REPLACED`.
        stamp: The moment, UTC, to the microsecond: ``20261122T121314.000015Z``.
        who: Name of the user on the machine where it was done.
        champion: Number of the version that was champion afterwards.
        champion_before: That of the one before; empty if there was none.
        verdict: Of the new champion; empty if it had none, and of a rollback.
        compared_with: What it was compared with; empty as the verdict is.
        report: Where the report of its run is; empty as the verdict is.
        run: Folder of its run.
        reason: Why, in the words of whoever did it; empty if the verdict was reason enough.
        forced: Whether it was done although the verdict did not allow it.
    """

    what: str
    stamp: str
    who: str = ""
    champion: str = ""
    champion_before: str = ""
    verdict: str = ""
    compared_with: str = ""
    report: str = ""
    run: str = ""
    reason: str = ""
    forced: bool = False

    @property
    def when(self) -> str:
        """The moment in ISO 8601, UTC; empty if the tag does not name one."""
        moment = _read_stamp(self.stamp)
        return moment.isoformat() if moment else ""

    def to_tag(self, prefix: str = TRAIL_TAG) -> tuple[str, str]:
        """Give name and text of the tag; long texts are cut, so that MLflow takes them."""
        return f"{prefix}{self.stamp}", _write({**vars(self), "when": self.when})

    @classmethod
    def from_tag(cls, name: str, text: str, prefix: str = TRAIL_TAG) -> TrailEntry:
        """Read what :meth:`to_tag` gave."""
        stamp = name.removeprefix(prefix)
        try:
            content = json.loads(text)
            known = {one.name: content[one.name] for one in fields(cls) if one.name in content}
            texts = {key: str(value) for key, value in known.items() if key != "forced"}
            return cls(**(texts | {"stamp": stamp}), forced=known.get("forced") is True)
        except (ValueError, TypeError):
            return cls(what=UNREADABLE, stamp=stamp, reason=text)


def read_trail(tags: Mapping[str, str]) -> list[TrailEntry]:
    """Give what befell a version, the first change first.

    Args:
        tags: All tags of the version.
    """
    return [
        TrailEntry.from_tag(name, tags[name]) for name in sorted(tags) if name.startswith(TRAIL_TAG)
    ]


def next_stamp(entries: Iterable[TrailEntry]) -> str:
    """Give the present moment, later than that of all entries even if a clock goes wrong."""
    last = max(filter(None, (_read_stamp(one.stamp) for one in entries)), default=None)
    now = datetime.now(UTC)
    return max(now, last + timedelta(microseconds=1) if last else now).strftime(_STAMP)


def past_champions(entries: Iterable[TrailEntry]) -> list[str]:
    """Give the champions that led to the present one, which comes last.

    A rollback takes back what was done since the version was champion: after it, the champion
    before that one counts as the one before.

    Args:
        entries: The trails of all versions of a model.
    """
    told = list(entries)
    changes = {one.stamp: one for one in told if one.what == REPLACED}
    # What became champion knows more: whether it was promoted or came back.
    changes |= {one.stamp: one for one in told if one.what in (PROMOTED, ROLLED_BACK)}
    past: list[str] = []
    for _, change in sorted(changes.items()):
        before = change.champion_before
        if before and past[-1:] != [before]:
            past.append(before)  # made champion by hand
        if change.what == ROLLED_BACK and change.champion in past:
            del past[len(past) - past[::-1].index(change.champion) :]
        else:
            past.append(change.champion)
    return past


def who_acts() -> str:
    """Give the user's name on this machine, or ``unknown``."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may know no user
        return "unknown"


def _read_stamp(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _write(content: Mapping[str, object]) -> str:
    """Write JSON that is short enough for a tag: the longest texts are cut."""
    texts = {name: plain_text(one) for name, one in content.items() if isinstance(one, str)}
    most = {name: len(text) for name, text in texts.items()}
    while True:
        cut = {name: cut_text(text, most[name]) for name, text in texts.items()}
        written = json.dumps({**content, **cut}, ensure_ascii=False)
        if len(written) <= MAX_TAG:
            return written
        longest = max(most, key=lambda name: most[name])
        most[longest] = most[longest] * 3 // 4
