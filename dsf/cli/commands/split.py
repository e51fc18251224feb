"""`dsf-cli split`: the rows become three parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf.cli.step_options import step_options
from dsf.cli.step_runner import run_step

if TYPE_CHECKING:
    from dsf.cli.step_options import StepOptions

__all__ = ["command"]


@click.command("split")
@step_options
def command(options: StepOptions) -> None:
    """Split the data set, in a new run.

    With --run-dir it splits in that run, with --resume in the latest, again if it was split with
    another config.
    """
    run_step("split", options)
