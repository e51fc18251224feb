"""`dsf-cli registry`: the models that are registered, and which of their versions is in use."""

from __future__ import annotations

import click

from dsf.cli.lazy_group import LazyGroup

__all__ = ["command"]

_TABLE = {
    "list": ("dsf.cli.commands.registry_list:command", "List the versions of registered models."),
    "show": ("dsf.cli.commands.registry_show:command", "Tell all of one version."),
    "promote": (
        "dsf.cli.commands.registry_promote:command",
        "Make a version the champion, if its verdict allows it.",
    ),
    "rollback": (
        "dsf.cli.commands.registry_rollback:command",
        "Make the champion before the present one champion again.",
    ),
}


@click.group("registry", cls=LazyGroup, table=_TABLE)
def command() -> None:
    """Show registered models, and say which version is champion.

    They are looked for where the runs of this project are tracked, or at --tracking-uri.
    """
