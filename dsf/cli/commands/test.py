"""`dsf-cli test`: the model answers rows it has never seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf.cli.step_options import step_options
from dsf.cli.step_runner import run_step

if TYPE_CHECKING:
    from dsf.cli.step_options import StepOptions

__all__ = ["command"]


@click.command("test")
@step_options
def command(options: StepOptions) -> None:
    """Test the fitted model, in the latest run.

    It answers the test rows and keeps every answer next to the numbers.
    """
    run_step("test", options)
