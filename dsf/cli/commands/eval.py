"""`dsf-cli eval`: the existing model answers the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf.cli.step_options import step_options
from dsf.cli.step_runner import run_step

if TYPE_CHECKING:
    from dsf.cli.step_options import StepOptions

__all__ = ["command"]


@click.command("eval")
@step_options
def command(options: StepOptions) -> None:
    """Evaluate the existing model on the same rows.

    It works in the latest run, or in that of --run-dir.
    """
    run_step("eval", options)
