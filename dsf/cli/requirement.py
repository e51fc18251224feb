"""``--require``: a verdict that a pipeline asks for, and the exit code if it is not met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NOT_MET", "check_requirement", "require_option"]

NOT_MET = 3
"""The exit code if the verdict is not what ``--require`` asks for."""

_MET_BY = {"better": ("better",), "not-worse": ("better", "not worse")}

require_option = click.option(
    "--require",
    type=click.Choice(sorted(_MET_BY)),
    help=f"End with exit code {NOT_MET} if the verdict is worse than that, or a slice does not "
    "pass slice_rule.",
)
"""Adds ``--require``; the command receives it as ``require``, ``None`` if it is not given."""


def check_requirement(wanted: str | None, verdict: Mapping[str, Any] | None) -> None:
    """End with :data:`NOT_MET` if the verdict is not good enough, or slices do not pass their rule.

    Args:
        wanted: What ``--require`` asks for.
        verdict: What ``comparison.json`` has under ``verdict``.
    """
    if wanted is None:
        return
    said = verdict or {}
    word, slices = said.get("verdict", "undecided"), said.get("failing_slices") or []
    told = [] if word in _MET_BY[wanted] else [f"the verdict is {word}"]
    if slices:
        number = f"{len(slices)} slice does" if len(slices) == 1 else f"{len(slices)} slices do"
        told.append(f"{number} not pass slice_rule: {', '.join(slices)}")
    if told:
        message = f"Required is {wanted.replace('-', ' ')}, but {', and '.join(told)}."
        click.echo(message, err=True)
        click.get_current_context().exit(NOT_MET)
    click.echo(f"Required is {wanted.replace('-', ' ')}, and it is {word}.", err=True)
