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
    help=f"End with exit code {NOT_MET} if the verdict is worse than that.",
)
"""Adds ``--require``; the command receives it as ``require``, ``None`` if it is not given."""


def check_requirement(wanted: str | None, verdict: Mapping[str, Any] | None) -> None:
    """End with :data:`NOT_MET` if the verdict is not good enough.

    Args:
        wanted: What ``--require`` asks for.
        verdict: What ``comparison.json`` has under ``verdict``.
    """
    word = (verdict or {}).get("verdict", "undecided")
    if wanted is not None and word not in _MET_BY[wanted]:
        click.echo(f"Required is {wanted.replace('-', ' ')}, but the verdict is {word}.", err=True)
        click.get_current_context().exit(NOT_MET)
