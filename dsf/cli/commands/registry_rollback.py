"""`dsf-cli registry rollback`: the champion before becomes champion again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf.cli.invocation import Invocation
from dsf.cli.registry.opening import registry_options

if TYPE_CHECKING:
    from dsf.registry.versions import Registry

__all__ = ["command"]


@click.command("rollback")
@click.argument("name")
@click.option("--reason", metavar="TEXT", required=True, help="Why; kept in the trail.")
@click.option(
    "--to", metavar="VERSION", help="Another version that was champion, in place of the last one."
)
@registry_options
def command(registry: Registry, name: str, reason: str, to: str | None) -> None:
    """Make the champion before the present one champion again.

    NAME is a model. Which one was champion before, the trail tells; a second rollback goes back
    one further.
    """
    from dsf.cli.registry.views import describe_change, tell_change
    from dsf.registry.promotion import rollback

    change = rollback(registry, name, reason, to)
    invocation = Invocation.current()
    invocation.result = {"command": "registry rollback", **describe_change(change)}
    if not invocation.as_json:
        click.echo(tell_change(change))
