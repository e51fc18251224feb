"""`dsf-cli run`: the whole chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf.cli.invocation import Invocation
from dsf.cli.requirement import check_requirement, require_option
from dsf.cli.step_options import chain_options
from dsf.cli.step_runner import run_chain

if TYPE_CHECKING:
    from dsf.cli.step_options import StepOptions

__all__ = ["command"]


@click.command("run")
@require_option
@chain_options
def command(require: str | None, options: StepOptions) -> None:
    """Split, fit, test, evaluate, compare and export, in a new run.

    With --resume it goes on with the latest run, or that of --run-dir: what is done is skipped,
    what the changed config touches is done again.
    """
    run_chain(options)
    check_requirement(require, (Invocation.current().result or {}).get("verdict"))
