"""`dsf-cli export`: the model that was tested becomes a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf.cli.step_options import step_options
from dsf.cli.step_runner import run_step

if TYPE_CHECKING:
    from dsf.cli.step_options import StepOptions

__all__ = ["command"]


@click.command("export")
@step_options
def command(options: StepOptions) -> None:
    """Export the tested model as a bundle, in the latest run.

    The bundle answers the test rows itself. If it answers otherwise than the model did, it is
    refused; else its own comparison with the existing model is kept beside it.
    """
    run_step("export", options)
