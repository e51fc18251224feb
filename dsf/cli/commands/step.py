"""`dsf-cli step`: one step by name, the contract for engines that order the steps themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf.cli.invocation import Invocation
from dsf.cli.requirement import check_requirement, require_option
from dsf.cli.step_options import step_options
from dsf.cli.step_runner import run_step

if TYPE_CHECKING:
    from dsf.cli.step_options import StepOptions

__all__ = ["STEP_NAMES", "command"]

# Written out, because the table of steps imports pandas, which this command's help must not.
STEP_NAMES = ("split", "fit", "test", "eval", "compare", "export", "register")


@click.command("step")
@click.argument("name", type=click.Choice(STEP_NAMES))
@require_option
@step_options
def command(name: str, require: str | None, options: StepOptions) -> None:
    """Do one step by name, for an outside engine.

    Give every step the same --run-dir. A step that is done already is skipped, so an engine may
    try again as often as it likes.
    """
    if require is not None and name != "compare":
        raise click.UsageError(f"--require: only for the step compare, not for {name}.")
    run_step(name, options)
    check_requirement(require, (Invocation.current().result or {}).get("verdict"))
