"""`dsf-cli compare`: the two models, metric by metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf.cli.step_options import step_options
from dsf.cli.step_runner import run_step

if TYPE_CHECKING:
    from dsf.cli.step_options import StepOptions

__all__ = ["command"]


@click.command("compare")
@step_options
def command(options: StepOptions) -> None:
    """Compare the two models and write a report.

    It works in the latest run, or in that of --run-dir, and needs test and eval to be done.
    """
    run_step("compare", options)
