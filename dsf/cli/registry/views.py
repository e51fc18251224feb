"""Registered versions on the terminal and as plain data."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.cli.history.layout import print_heading, print_line, print_list, print_table
from dsf.cli.history.runs_table import verdict_style
from dsf.cli.history.texts import write_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from dsf.registry.champion_change import Change
    from dsf.registry.registered_version import RegisteredVersion
    from dsf.registry.trail import TrailEntry

__all__ = [
    "describe_change",
    "describe_entry",
    "describe_version",
    "print_holders",
    "print_version",
    "print_versions",
    "tell_change",
]

_OWN_TAGS = "dsf."
_ALIASES = (
    "The champion is the version in use; the challenger is the one that was registered last and "
    "wants to be (`dsf-cli registry promote NAME`)."
)


def print_versions(versions: Sequence[RegisteredVersion], console: Console) -> None:
    """Print versions as a table."""
    headers = ("name", "version", "aliases", "verdict", "passes", "against", "created", "run")
    rows = [
        (
            one.name,
            one.version,
            ", ".join(one.aliases),
            one.earned.verdict if one.earned else "",
            _passes(one),
            _compared_with(one).removeprefix("version "),
            write_moment(one.created).partition(" ")[0],
            Path(one.earned.run).name if one.earned else one.run_id[:8],
        )
        for one in versions
    ]
    print_table(console, headers, rows, right=[1], firm=[1, 2, 3, 4, 5, 6, 7])


def print_holders(versions: Sequence[RegisteredVersion], console: Console) -> None:
    """Say below a table which models have no champion or no challenger, and what these are."""
    from dsf.registry.versions import CHALLENGER, CHAMPION

    lines = []
    for name in dict.fromkeys(one.name for one in versions):
        held = {alias: one for one in versions if one.name == name for alias in one.aliases}
        if CHAMPION in held and CHALLENGER in held:
            continue
        who = [
            f"version {held[alias].version} is {alias}"
            if alias in held
            else f"nobody is {alias}{' yet' if alias == CHAMPION else ''}"
            for alias in (CHAMPION, CHALLENGER)
        ]
        lines.append(f"{name}: {', '.join(who)}.")
    if lines:
        console.print()
        print_line(console, _ALIASES)
        for line in lines:
            print_line(console, line)


def print_version(version: RegisteredVersion, console: Console) -> None:
    """Print all of one version, its trail as a table."""
    from rich.text import Text

    from dsf.registry.trail import read_trail

    console.print(Text(version.uri, style="bold"))
    print_list(
        console,
        [
            ("aliases", ", ".join(version.aliases)),
            ("created", f"{write_moment(version.created)} UTC"),
            ("description", version.description),
            ("MLflow run", version.run_id),
        ],
    )
    _print_earned(version, console)
    _print_trail(read_trail(version.tags), console)
    others = sorted(
        (name, text) for name, text in version.tags.items() if not name.startswith(_OWN_TAGS)
    )
    if others:
        print_heading(console, "Tags")
        print_list(console, others)


def describe_version(version: RegisteredVersion) -> dict[str, Any]:
    """Give a version as plain data, its trail with it."""
    from dsf.registry.trail import TRAIL_TAG, read_trail

    return {
        "name": version.name,
        "version": version.version,
        "uri": version.uri,
        "aliases": list(version.aliases),
        "created": version.created,
        "description": version.description,
        "tracking_run": version.run_id or None,
        "earned": asdict(version.earned) if version.earned else None,
        "trail": [describe_entry(one) for one in read_trail(version.tags)],
        "tags": {
            name: text for name, text in version.tags.items() if not name.startswith(TRAIL_TAG)
        },
    }


def describe_entry(entry: TrailEntry) -> dict[str, Any]:
    """Give one change as plain data."""
    return {key: value for key, value in vars(entry).items() if key != "stamp"} | {
        "when": entry.when
    }


def describe_change(change: Change) -> dict[str, Any]:
    """Give what became of the champion as plain data."""
    return {
        "changed": change.entry is not None,
        "champion": describe_version(change.version),
        "champion_before": change.before.uri if change.before else None,
        "entry": describe_entry(change.entry) if change.entry else None,
    }


def tell_change(change: Change) -> str:
    """Say in a sentence what became of the champion."""
    from dsf.registry.trail import ROLLED_BACK

    if change.entry is None:
        return f"{change.version.uri} is champion already. Nothing was changed."
    told = f"{change.version.uri} is champion now"
    if change.entry.what == ROLLED_BACK:
        before = change.entry.champion_before
        return f"{change.version.uri} is champion again: rolled back from version {before}."
    if change.before is not None:
        told += f", in place of version {change.before.version}"
    return f"{told} (forced: {change.entry.reason})." if change.entry.forced else f"{told}."


def _passes(version: RegisteredVersion) -> str:
    if version.earned is None:
        return ""
    return "yes" if version.earned.passed else "no"


def _compared_with(version: RegisteredVersion) -> str:
    from dsf.registry.registered_version import parse_model_uri

    if version.earned is None:
        return ""
    of = parse_model_uri(version.earned.compared_with)
    return f"version {of[1]}" if of and of[0] == version.name else version.earned.compared_with


def _print_earned(version: RegisteredVersion, console: Console) -> None:
    earned = version.earned
    if earned is None:
        print_heading(console, "No verdict")
        print_line(console, "dsf has not registered this version.")
        return
    passes = "passes" if earned.passed else "does not pass"
    rule = f": {earned.rule}" if earned.rule else ""
    print_heading(console, f"Verdict: {earned.verdict} ({passes} the rule of its run{rule})")
    print_line(console, earned.reason, verdict_style(earned.verdict))
    if earned.notes:
        print_line(console, f"Note: {earned.notes}")
    print_list(
        console,
        [
            ("compared with", earned.compared_with),
            ("task", earned.task),
            ("run", earned.run),
            ("report", earned.report),
            ("bundle", earned.bundle[:12]),
            ("data", earned.data_hash[:12]),
        ],
    )


def _print_trail(trail: Sequence[TrailEntry], console: Console) -> None:
    if not trail:
        return
    print_heading(console, "Trail")
    headers = ("when (UTC)", "what", "who", "champion", "before", "verdict", "why")
    rows = [
        (
            write_moment(one.when) or one.stamp,
            _what(one),
            one.who,
            one.champion,
            one.champion_before,
            one.verdict,
            one.reason,
        )
        for one in trail
    ]
    print_table(console, headers, rows, right=[3, 4], firm=[0, 3, 4])


def _what(entry: TrailEntry) -> str:
    from dsf.registry.trail import ROLLED_BACK

    if entry.what == ROLLED_BACK:
        return f"{entry.what} from {entry.champion_before} to {entry.champion}"
    return f"{entry.what}, forced" if entry.forced else entry.what
