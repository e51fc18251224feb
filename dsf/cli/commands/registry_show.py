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
@click.argument("which", metavar="[VERSION|ALIAS]", required=False)
@registry_options
def command(registry: Registry, name: str, which: str | None) -> None:
    """Tell all of one version: its verdict, what it was compared with, and its trail.

    NAME is a model. The version is a number, an alias or `latest`; without one, it is the champion.
    Both may be one word: NAME@challenger, or models:/NAME/3.
    """
    from dsf.cli.registry.views import describe_version, print_version

    invocation = Invocation.current()
    name, which = _split(name, which)
    version = registry.find(name, which)
    if invocation.as_json:
        invocation.result = {"command": "registry show", **describe_version(version)}
        return
    from rich.console import Console

    print_version(version, Console())


def _split(name: str, which: str | None) -> tuple[str, str]:
    """Take an address apart, if the name is one."""
    from dsf.registry.registered_version import parse_model_uri
    from dsf.registry.versions import CHAMPION

    of = parse_model_uri(name) or parse_model_uri(f"models:/{name}")
    if of is None:
        return name, which or CHAMPION
    if which is not None:
        raise click.UsageError(f"{name} names a version already, so that {which} is one too many.")
    return of
