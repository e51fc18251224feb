"""`dsf-cli fit`: a model learns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf.cli.step_options import step_options
from dsf.cli.step_runner import run_step

if TYPE_CHECKING:
    from dsf.cli.step_options import StepOptions

__all__ = ["command"]


@click.command("fit")
@step_options
def command(options: StepOptions) -> None:
    """Fit the model, in the latest run.

    It splits first if that is not done. A fit that was killed goes on at its last checkpoint.
    """
    run_step("fit", options)
