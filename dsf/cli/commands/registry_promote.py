"""`dsf-cli registry promote`: a version becomes champion, if its verdict allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf.cli.invocation import Invocation
from dsf.cli.registry.opening import registry_options

if TYPE_CHECKING:
    from dsf.registry.versions import Registry

__all__ = ["command"]


@click.command("promote")
@click.argument("name")
@click.argument("which", metavar="[VERSION|ALIAS]", default="challenger")
@click.option("--force", is_flag=True, help="Do it whatever the verdict; needs --reason.")
@click.option("--reason", metavar="TEXT", help="Why it is forced; kept in the trail.")
@registry_options
def command(registry: Registry, name: str, which: str, force: bool, reason: str | None) -> None:
    """Make a version the champion, if its verdict allows it.

    NAME is a model. The version is a number, an alias or `latest`; without one, it is the
    challenger. It becomes champion if it passed the rule of its run, compared with the champion of
    today; the first champion may have been compared with anything. Who did it, when and on which
    grounds is kept with the version.

    Ends with exit code 3 if the verdict is against it, and with 2 if there is none on today's
    champion. --force does it nevertheless, and needs a --reason.
    """
    from dsf.cli.registry.views import describe_change, tell_change
    from dsf.registry.promotion import promote

    if force != (reason is not None):
        given, lacking = ("--force", "--reason TEXT") if force else ("--reason", "--force")
        raise click.UsageError(f"{given} goes with {lacking}.")
    change = promote(registry, name, which, force_reason=reason)
    invocation = Invocation.current()
    invocation.result = {"command": "registry promote", **describe_change(change)}
    if not invocation.as_json:
        click.echo(tell_change(change))
