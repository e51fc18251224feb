"""`dsf-cli config`: the config by itself, without running anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsf.cli.invocation import Invocation
from dsf.cli.project import find_project, import_config, load_config_of
from dsf.cli.step_options import config_options, verbose_option
from dsf.cli.streams import log_to_stderr
from dsf.core.errors import ProjectError

if TYPE_CHECKING:
    from dsf.core.config import Config, ProjectConfig

__all__ = ["command"]


@click.group("config")
def command() -> None:
    """Show, check and describe the configuration."""


@command.command("show")
@config_options
@verbose_option
def show(env: str | None, overrides: tuple[str, ...]) -> None:
    """Print the config as a run would use it, and where its values come from.

    It is YAML that can be used as a config itself; the places stand in comments.
    """
    from dsf.cli.config_listing import list_config

    click.echo(list_config(_load(env, overrides)), nl=False)


@command.command("check")
@config_options
@verbose_option
def check(env: str | None, overrides: tuple[str, ...]) -> None:
    """Report every mistake in the config.

    Beyond keys, types and values, each loss, optimizer and callback that is named is looked up,
    which imports the package that it is in.
    """
    from dsf.cli.config_check import check_references
    from dsf.core.config import looking_up_names

    with looking_up_names(everywhere=True):
        config = _load(env, overrides)
    count = check_references(config)  # what trainer/config.py has added included
    click.echo(f"The config is right; {count} named objects were found.")


@command.command("schema")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it to a file; trainer/config.yaml names config.schema.json beside it.",
)
@verbose_option
def schema(output: Path | None) -> None:
    """Print the JSON schema of the config, which explains every key.

    In a project that has keys of its own, a subclass of ProjectConfig in trainer/config.py, it is
    the schema of that project.
    """
    from dsf.core.atomic import write_text
    from dsf.core.config import config_schema

    text = json.dumps(config_schema(_own_schema()), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        write_text(output, text)


def _load(env: str | None, overrides: tuple[str, ...]) -> Config:
    with log_to_stderr(verbose=Invocation.current().verbose):
        return load_config_of(find_project())(env=env, overrides=overrides)


def _own_schema() -> type[ProjectConfig]:
    """Give the project's own schema; dsf's where it has none, and outside a project."""
    from dsf.core.config import ProjectConfig

    try:
        root = find_project()
    except ProjectError:
        return ProjectConfig
    module = import_config(root)
    own = [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, ProjectConfig)
        and thing.__module__ == module.__name__
    ]
    return own[-1] if own else ProjectConfig
