"""`dsf-cli register`: the bundle of a run becomes a version of a registered model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsf.cli.step_options import step_options
from dsf.cli.step_runner import run_step

if TYPE_CHECKING:
    from dsf.cli.step_options import StepOptions

__all__ = ["command"]


@click.command("register")
@click.argument("run", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", metavar="NAME", help="Name of the model, in place of register_config.name.")
@step_options
def command(run: Path | None, name: str | None, options: StepOptions) -> None:
    """Register a run's bundle as the newest version of a model, and as its challenger.

    RUN is a run's folder; without it, it is the latest run. The bundle is logged to MLflow, loaded
    back by a fresh process and asked about the test rows. Only if it answers as the run did, the
    version is made. Nothing is done twice: what failed may be tried again.
    """
    if run is not None and options.run_dir is not None:
        raise click.UsageError("RUN and --run-dir name the run: give one of them.")
    options = replace(options, run_dir=run or options.run_dir)
    if name is not None:
        named = f"register_config.name={name}"
        options = replace(options, overrides=(*options.overrides, named), resume=True)
    run_step("register", options)
