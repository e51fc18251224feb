"""`dsf-cli report`: the report of a run, drawn again from what the run has kept."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsf.cli.invocation import Invocation
from dsf.cli.run_argument import open_run
from dsf.cli.step_options import verbose_option

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["command"]


@click.command("report")
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the page alone, to this file, in place of the run's own.",
)
@click.option(
    "--json",
    is_flag=True,
    expose_value=False,
    help="End with one JSON object on stdout; all else goes to stderr.",
)
@verbose_option
def command(run: Path, output: Path | None) -> None:
    """Draw the report of a run again.

    RUN is a run's folder, training_output/v3 say, that was tested at least: what it does not have,
    an existing model say, has no section. Beside the page it writes report.txt and model_card.md.
    It works outside of a project, too.
    """
    from dsf.base.steps import COMPARE, REPORT_FILE
    from dsf.cli.streams import log_to_stderr
    from dsf.report import write_report, write_report_files

    invocation = Invocation.current()
    with log_to_stderr(verbose=invocation.verbose):
        folder = open_run(run, "dsf-cli report")
        own = folder.path / COMPARE.folder / REPORT_FILE
        if output is None:
            with folder.locked(), _stamped_again(own.parent):
                write_report_files(folder.path, own.parent)
        else:
            write_report(folder.path, output)
    path = own if output is None else output.resolve()
    invocation.result = {"command": "report", "run_dir": str(folder.path), "report": str(path)}
    if not invocation.as_json:
        click.echo(path)


@contextmanager
def _stamped_again(folder: Path) -> Iterator[None]:
    """Let a step's stamp know what is drawn again in its folder, or the step would be done again.

    Where a result had been changed by somebody else before, the stamp goes on saying so.
    """
    from dsf.base.stamp import Stamp

    stamp = Stamp.read(folder)
    whole = stamp is not None and not stamp.spoiled(folder)
    yield
    if stamp is not None and whole:
        stamp.write(folder, [folder / name for name in stamp.files])
