"""`dsf-cli registry list`: the versions of registered models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf.cli.invocation import Invocation
from dsf.cli.registry.opening import registry_options

if TYPE_CHECKING:
    from dsf.registry.versions import Registry

__all__ = ["command"]


@click.command("list")
@click.argument("name", required=False)
@registry_options
def command(registry: Registry, name: str | None) -> None:
    """List the versions of registered models, the newest of each first.

    NAME is a model; without it, all are listed.
    """
    from dsf.cli.registry.views import describe_version, print_holders, print_versions

    invocation = Invocation.current()
    names = registry.list_models() if name is None else [name]
    versions = [version for one in names for version in registry.list_versions(one)]
    if invocation.as_json:
        invocation.result = {
            "command": "registry list",
            "store": registry.place.shown,
            "models": names,
            "versions": [describe_version(one) for one in versions],
        }
    elif versions:
        from rich.console import Console

        console = Console()
        print_versions(versions, console)
        print_holders(versions, console)
    else:
        what = "version" if names else "model"
        click.echo(f"There is no registered {what} in {registry.place.shown} yet.", err=True)
