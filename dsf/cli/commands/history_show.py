"""`dsf-cli history show`: all of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dsf.cli.commands.history import json_option, output_option
from dsf.cli.invocation import Invocation
from dsf.cli.step_options import verbose_option

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["command"]


@click.command("show")
@click.argument("run", metavar="RUN")
@output_option
@json_option
@verbose_option
def command(run: str, output_dir: Path | None) -> None:
    """Tell all of one run.

    RUN is a version (v3), `latest`, or the folder of a run, wherever it is.
    """
    from dsf.cli.history.output_folder import find_output_or_none, inherited_output
    from dsf.core.history import RunSummary, describe_run, find_run

    invocation = Invocation.current()
    output = find_output_or_none(inherited_output(output_dir))
    summary = RunSummary.read(find_run(run, output))
    told = describe_run(summary, _nearest_defaults(summary.config))
    if invocation.as_json:
        invocation.result = {"command": "history show", **told}
        return
    from rich.console import Console

    from dsf.cli.history.run_view import print_run

    print_run(summary, told, Console())


def _nearest_defaults(config: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give the defaults that the config was filled up with: those that it differs least from.

    A run does not say which schema its project has, and importing the project would take seconds.
    """
    from dsf.core.config import ProjectConfig, diff_configs, freeze_config, resolve_config
    from dsf.tasks.config import TextProjectConfig

    if not config:
        return None
    candidates = [
        freeze_config(resolve_config({}, schema=schema))
        for schema in (ProjectConfig, TextProjectConfig)
    ]
    return min(candidates, key=lambda defaults: len(diff_configs(defaults, config)))
