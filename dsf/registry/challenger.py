"""Who is the challenger: the newest version, unless it has been champion already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.registry.trail import read_trail
from dsf.registry.versions import CHALLENGER, CHAMPION

if TYPE_CHECKING:
    from dsf.registry.registered_version import RegisteredVersion
    from dsf.registry.versions import Registry

__all__ = ["make_challenger"]


def make_challenger(registry: Registry, version: RegisteredVersion) -> str:
    """Let the alias ``challenger`` point to a version, if it is the newest and never was champion.

    A version that was champion once was given up for another one, and whoever registers it again
    has not said that it is good after all. Another process may make a newer version at the same
    time: then that one is the challenger, whoever of the two sets the alias last.

    Args:
        registry: The registry.
        version: The version.

    Returns:
        What the version is now, in words that follow its address: ``is the challenger now``.

    Raises:
        UserError: If the registry does not answer.
    """
    is_moved = False
    while True:
        newest = registry.list_versions(version.name)[0]
        is_ours = newest.version == version.version
        if not is_ours and not is_moved:
            return f"does not become challenger: version {newest.version} is newer"
        if _was_champion(newest):
            if is_moved and not is_ours:
                registry.remove_alias(version.name, CHALLENGER)
            break
        if CHALLENGER in newest.aliases:
            break
        registry.set_alias(newest, CHALLENGER)
        is_moved = True  # look again: a newer one may have been made since it was listed
    return _describe(newest, is_ours=is_ours, is_moved=is_moved)


def _was_champion(version: RegisteredVersion) -> bool:
    return CHAMPION in version.aliases or bool(read_trail(version.tags))


def _describe(newest: RegisteredVersion, *, is_ours: bool, is_moved: bool) -> str:
    if not is_ours:
        return f"does not become challenger: version {newest.version} is newer"
    if CHAMPION in newest.aliases:
        return "is the champion"
    if CHALLENGER in newest.aliases:
        return f"is the challenger {'now' if is_moved else 'already'}"
    return (
        "does not become challenger, since it was champion once and was given up. To use it again: "
        f"dsf-cli registry rollback {newest.name} --to {newest.version} --reason TEXT"
    )
