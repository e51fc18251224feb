"""`dsf-cli report`: the report of a run, drawn again from what the run has kept."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from dsf.cli.invocation import Invocation
from dsf.cli.step_options import verbose_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsf.core.run_folder import RunFolder

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
        folder = _open(run)
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


def _open(path: Path) -> RunFolder:
    """Open a run; of the folder of all runs, or of a project, name the latest one.

    Raises:
        RunNotFoundError: If no run is there.
    """
    from dsf.core.errors import RunNotFoundError
    from dsf.core.run_folder import RunFolder

    try:
        return RunFolder.open(path)
    except RunNotFoundError as error:
        latest = _latest_below(path)
        if latest is None:
            raise
        raise RunNotFoundError(
            f"{error} The latest run below it is {latest}: `dsf-cli report {quote(str(latest))}`."
        ) from error


def _latest_below(path: Path) -> Path | None:
    """Find the latest run in a folder, or in one of the folders in it; ``None`` without any."""
    from dsf.core.errors import RunNotFoundError
    from dsf.core.run_folder import RunFolder
    from dsf.core.run_record import RECORD_FILE

    folders = sorted(one for one in path.iterdir() if one.is_dir()) if path.is_dir() else []
    for folder in [path, *folders]:
        try:
            latest = RunFolder.latest(folder).version
        except RunNotFoundError:
            continue
        if (folder / latest / RECORD_FILE).is_file():
            return folder / latest
    return None


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
