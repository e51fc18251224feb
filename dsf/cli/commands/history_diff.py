"""`dsf-cli history diff`: in what two runs differ."""

from __future__ import annotations

from pathlib import Path

import click

from dsf.cli.commands.history import json_option, output_option
from dsf.cli.invocation import Invocation
from dsf.cli.step_options import verbose_option

__all__ = ["command"]


@click.command("diff")
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@output_option
@json_option
@verbose_option
def command(old: str, new: str, output_dir: Path | None) -> None:
    """Tell in what two runs differ: config, data, code, versions, seed and numbers.

    A and B are each a version (v3), `latest`, or the folder of a run, wherever it is. Whether a
    difference of numbers is more than chance, `dsf-cli compare A B` tells.
    """
    from shlex import quote

    from dsf.cli.history.output_folder import find_output_or_none, inherited_output
    from dsf.core.history import RunSummary, describe_differences, find_run
    from dsf.core.yaml_file import show_path

    invocation = Invocation.current()
    output = find_output_or_none(inherited_output(output_dir))
    runs = [RunSummary.read(find_run(name, output)) for name in (old, new)]
    told = describe_differences(runs[0], runs[1], repository=Path.cwd())
    # The new one first: compare takes it for the trained model.
    told["test_with"] = " ".join(
        ["dsf-cli", "compare", *(quote(show_path(run.path)) for run in reversed(runs))]
    )
    if invocation.as_json:
        invocation.result = {"command": "history diff", **told}
        return
    from rich.console import Console

    from dsf.cli.history.difference_view import print_differences

    print_differences(told, Console())
