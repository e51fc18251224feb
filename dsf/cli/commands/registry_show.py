"""`dsf-cli registry show`: all of one registered version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf.cli.invocation import Invocation
from dsf.cli.registry.opening import registry_options

if TYPE_CHECKING:
    from dsf.registry.versions import Registry

__all__ = ["command"]


@click.command("show")
@click.argument("name")
@click.argument("which", metavar="[VERSION|ALIAS]", default="champion")
@registry_options
def command(registry: Registry, name: str, which: str) -> None:
    """Tell all of one version: its verdict, what it was compared with, and its trail.

    NAME is a model. The version is a number, an alias or `latest`; without one, it is the champion.
    """
    from dsf.cli.registry.views import describe_version, print_version

    invocation = Invocation.current()
    version = registry.find(name, which)
    if invocation.as_json:
        invocation.result = {"command": "registry show", **describe_version(version)}
        return
    from rich.console import Console

    print_version(version, Console())
