"""The champion of a model changes: the alias moves, and the trail tells of it.

A change is four things in the registry, and nothing makes them one. They are done in this order::

    1. the intention, as a tag of the model     killed after it: nothing has changed
    2. the alias                                killed after it: the champion is right
    3. the trail of both versions               ... and the next change writes what is missing
    4. the intention goes

Whatever changes a champion begins by looking at intentions that were left: one whose version is
champion is written down, any other is dropped. So the trail never tells of what did not happen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dsf.core.errors import UserError
from dsf.registry.trail import (
    PROMOTED,
    REPLACED,
    ROLLED_BACK,
    TrailEntry,
    next_stamp,
    read_trail,
    who_acts,
)
from dsf.registry.versions import CHALLENGER, CHAMPION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dsf.registry.registered_version import RegisteredVersion
    from dsf.registry.versions import Registry

__all__ = [
    "PENDING_TAG",
    "Change",
    "change_champion",
    "describe_change",
    "find_champion",
    "finish_changes",
    "read_trails",
]

PENDING_TAG = "dsf.pending."
"""Begin of the tags of a model that tell of a change under way."""


@dataclass(frozen=True)
class Change:
    """What became of the champion.

    Attributes:
        version: The champion now.
        before: The champion before; ``None`` if there was none.
        entry: What the trail says of it; ``None`` if nothing was changed.
    """

    version: RegisteredVersion
    before: RegisteredVersion | None
    entry: TrailEntry | None


def find_champion(versions: Sequence[RegisteredVersion]) -> RegisteredVersion | None:
    """Give the version that is champion; ``None`` if none is."""
    return next((one for one in versions if CHAMPION in one.aliases), None)


def read_trails(versions: Sequence[RegisteredVersion]) -> list[TrailEntry]:
    """Give the entries of all versions."""
    return [entry for one in versions for entry in read_trail(one.tags)]


def describe_change(
    what: str,
    version: RegisteredVersion,
    versions: Sequence[RegisteredVersion],
    *,
    reason: str = "",
    forced: bool = False,
) -> TrailEntry:
    """Give what the trail is to say.

    A rollback is told without a verdict: that of the version that comes back is older than what it
    was given up for.

    Args:
        what: Promoted or rolled back.
        version: What is to become champion.
        versions: All of the model, today's champion among them.
        reason: Why, in words.
        forced: Whether the verdict does not allow it.
    """
    earned, before = version.earned, find_champion(versions)
    by_verdict = earned if what == PROMOTED else None
    return TrailEntry(
        what=what,
        stamp=next_stamp(read_trails(versions)),
        who=who_acts(),
        champion=version.version,
        champion_before=before.version if before else "",
        verdict=by_verdict.verdict if by_verdict else "",
        compared_with=by_verdict.compared_with if by_verdict else "",
        report=by_verdict.report if by_verdict else "",
        run=earned.run if earned else version.run_id,
        reason=reason,
        forced=forced,
    )


def change_champion(registry: Registry, name: str, entry: TrailEntry) -> Change:
    """Do what the entry says, in the order above.

    Raises:
        UserError: If somebody else changes the champion at the same time, or the registry does not
            answer.
    """
    version = registry.find(name, entry.champion)
    pending, text = entry.to_tag(PENDING_TAG)
    registry.tag_model(name, pending, text)
    before = registry.champion(name)
    as_known = (before.version if before else "") == entry.champion_before
    if not as_known or _find_pending(registry.read_model_tags(name)) != [pending]:
        registry.untag_model(name, pending)
        raise UserError(
            f"Only one may change the champion of {name!r} at a time, but somebody else does it "
            f"now; the champion is {before.uri if before else 'none'}. Look at it, and do it again."
        )
    registry.set_alias(version, CHAMPION)
    _write_down(registry, name, entry)
    return Change(registry.find(name, entry.champion), before, entry)


def finish_changes(registry: Registry, name: str) -> None:
    """Finish what a process that was killed has left.

    Raises:
        UserError: If there is no such model, or the registry does not answer.
    """
    tags = registry.read_model_tags(name)
    for tag in _find_pending(tags):
        entry = TrailEntry.from_tag(tag, tags[tag], PENDING_TAG)
        champion = registry.champion(name)
        if champion is not None and champion.version == entry.champion:
            _write_down(registry, name, entry)
        else:
            registry.untag_model(name, tag)


def _write_down(registry: Registry, name: str, entry: TrailEntry) -> None:
    versions = {one.version: one for one in registry.list_versions(name)}
    if CHALLENGER in versions[entry.champion].aliases:
        registry.remove_alias(name, CHALLENGER)
    registry.tag_version(name, entry.champion, *entry.to_tag())
    if entry.champion_before in versions:
        # Both versions tell of a rollback in the same words: one was given up for the other.
        told = entry if entry.what == ROLLED_BACK else replace(entry, what=REPLACED)
        registry.tag_version(name, entry.champion_before, *told.to_tag())
    registry.untag_model(name, entry.to_tag(PENDING_TAG)[0])


def _find_pending(tags: Iterable[str]) -> list[str]:
    return sorted(tag for tag in tags if tag.startswith(PENDING_TAG))
