"""Who becomes champion: by a verdict, by force with a reason, or again after a rollback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.errors import Problem, UserError
from dsf.registry.champion_change import (
    Change,
    change_champion,
    describe_change,
    find_champion,
    finish_changes,
    read_trails,
)
from dsf.registry.trail import PROMOTED, ROLLED_BACK, past_champions
from dsf.registry.versions import CHALLENGER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.registry.registered_version import RegisteredVersion
    from dsf.registry.versions import Registry

__all__ = ["PromotionRefusedError", "promote", "rollback", "why_not"]

_NOT_PASSED = 3
_FORCE = "or force it and say why (--force --reason TEXT)"


class PromotionRefusedError(UserError):
    """Raised when a version must not become champion; lists every reason.

    Args:
        headline: What was refused.
        problems: Why, and the way out.
        exit_code: 3 if its own verdict does not allow it.
    """

    def __init__(self, headline: str, problems: Sequence[Problem], exit_code: int = 2) -> None:
        self.problems = tuple(problems)
        self.exit_code = exit_code
        super().__init__("\n".join([headline, *(f"  - {problem}" for problem in problems)]))


def promote(
    registry: Registry, name: str, which: str | int = CHALLENGER, *, force_reason: str | None = None
) -> Change:
    """Make a version the champion, if its verdict allows it.

    Args:
        registry: Where the model is.
        name: Of the model.
        which: Version or alias, as :meth:`~dsf.registry.versions.Registry.find` takes it.
        force_reason: Why it is to become champion whatever its verdict; it is kept. ``None``:
            only the verdict counts.

    Returns:
        What was done; nothing, if it is champion already.

    Raises:
        PromotionRefusedError: If the verdict does not allow it, or is none on today's champion.
        UserError: If there is no such version, no reason for force, or the registry does not
            answer.
    """
    if force_reason is not None and not force_reason.strip():
        raise UserError("Force must have a reason, but none was given. Say why (--reason TEXT).")
    finish_changes(registry, name)
    versions = registry.list_versions(name)
    champion = find_champion(versions)
    has_challenger = any(CHALLENGER in one.aliases for one in versions)
    if champion is not None and which == CHALLENGER and not has_challenger:
        return Change(champion, champion, None)  # it was promoted before, and nobody came since
    version = registry.find(name, which)
    if champion is not None and champion.version == version.version:
        return Change(version, champion, None)
    problems, exit_code = why_not(version, champion)
    if problems and force_reason is None:
        headline = f"{version.uri} must not become champion:"
        raise PromotionRefusedError(headline, problems, exit_code)
    reason = (force_reason or "").strip()
    entry = describe_change(PROMOTED, version, versions, reason=reason, forced=bool(problems))
    return change_champion(registry, name, entry)


def rollback(registry: Registry, name: str, reason: str, to: str | int | None = None) -> Change:
    """Make the champion before the present one champion again.

    Args:
        registry: Where the model is.
        name: Of the model.
        reason: Why; it is kept.
        to: Another version that was champion once. ``None``: the one before, by the trail.

    Returns:
        What was done; nothing, if ``to`` is champion already.

    Raises:
        PromotionRefusedError: If there was no champion before, or the version was never champion.
        UserError: If there is no such version, no reason, or the registry does not answer.
    """
    if not reason.strip():
        raise UserError("A rollback must have a reason, but none was given. Say why (--reason).")
    finish_changes(registry, name)
    versions = registry.list_versions(name)
    champion = find_champion(versions)
    if champion is None:
        message = f"has no champion. Promote one: dsf-cli registry promote {name} VERSION."
        raise _refuse_rollback(name, message)
    version = _find_former(registry, champion, versions, to)
    if version.version == champion.version:
        return Change(version, champion, None)
    entry = describe_change(ROLLED_BACK, version, versions, reason=reason.strip())
    return change_champion(registry, name, entry)


def why_not(
    version: RegisteredVersion, champion: RegisteredVersion | None
) -> tuple[list[Problem], int]:
    """Say what keeps a version from becoming champion.

    Args:
        version: The one that wants to.
        champion: Today's; ``None`` if there is none: then any comparison will do.

    Returns:
        The reasons, none if it may; and the exit code: 3 if its own verdict is against it.
    """
    earned = version.earned
    if earned is None:
        message = (
            "must have a verdict, but dsf has not registered this version. Register the model by "
            f"`dsf-cli run` with register_config.name, {_FORCE}."
        )
        return [Problem(version.uri, message)], 2
    problems = []
    if not earned.passed:
        said = f"{earned.verdict}: {earned.reason}" if earned.reason else f"{earned.verdict}."
        rule = f" ({earned.rule})" if earned.rule else ""
        note = f" Note: {earned.notes}" if earned.notes else ""
        message = f"must pass the rule of its run{rule}, but is {said}{note} "
        message += f"Train a better one, test on more rows, {_FORCE}."
        problems.append(Problem("verdict", message))
    if champion is not None and earned.compared_with != champion.uri:
        problems.append(
            Problem(
                "compared with",
                f"must be the champion of today, {champion.uri}, but is "
                f"{earned.compared_with or 'nothing'}. Compare with that one (eval_config: "
                f"{{incumbent: registry}}) by `dsf-cli run`, {_FORCE}.",
            )
        )
    return problems, 2 if earned.passed else _NOT_PASSED


def _find_former(
    registry: Registry,
    champion: RegisteredVersion,
    versions: Sequence[RegisteredVersion],
    to: str | int | None,
) -> RegisteredVersion:
    name = champion.name
    trail = read_trails(versions)
    past = past_champions(trail)
    ever = {one.champion for one in trail} | {one.champion_before for one in trail}
    known = [one.version for one in versions if one.version in ever and one != champion]
    if to is not None:
        version = registry.find(name, to)
        if version.version in (*known, champion.version):
            return version
        raise _never_champion(version, champion, known)
    others = f"versions that were: {', '.join(known)} (--to)" if known else "no other ever was"
    while past[-1:] == [champion.version]:
        past.pop()
    if not past:
        message = (
            f"version {champion.version} has no champion before it; {others}. Promote another one: "
            f"dsf-cli registry promote {name} VERSION --force --reason TEXT."
        )
        raise _refuse_rollback(name, message)
    found = next((one for one in versions if one.version == past[-1]), None)
    if found is None:
        message = f"version {past[-1]}, the champion before, was deleted; {others}."
        raise _refuse_rollback(name, message)
    return found


def _never_champion(
    version: RegisteredVersion, champion: RegisteredVersion, known: Sequence[str]
) -> PromotionRefusedError:
    were = "No other ever was"
    if known:
        were = f"Before it, {', '.join(known)} {'were' if len(known) > 1 else 'was'}"
    message = (
        f"must have been champion once, but never was. Version {champion.version} is champion. "
        f"{were}. To make version {version.version} champion for the first time: "
        f"dsf-cli registry promote {version.name} {version.version}."
    )
    headline = f"{version.uri} cannot be champion again:"
    return PromotionRefusedError(headline, [Problem(f"version {version.version}", message)])


def _refuse_rollback(name: str, message: str) -> PromotionRefusedError:
    headline = "There must be a champion to go back to, but there is none:"
    return PromotionRefusedError(headline, [Problem(name, message)])
