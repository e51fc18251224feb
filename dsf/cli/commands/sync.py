"""`dsf-cli sync`: what a run could not send to MLflow while it ran."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsf.cli.invocation import Invocation
from dsf.cli.run_argument import open_run
from dsf.cli.step_options import verbose_option

if TYPE_CHECKING:
    from dsf.tracking import Synced

__all__ = ["command"]


@click.command("sync")
@click.argument("runs", type=click.Path(path_type=Path), metavar="RUN...", nargs=-1, required=True)
@click.option(
    "--json",
    is_flag=True,
    expose_value=False,
    help="End with one JSON object on stdout; all else goes to stderr.",
)
@verbose_option
def command(runs: tuple[Path, ...]) -> None:
    """Send to MLflow what a run could not send while it ran.

    RUN is a run's folder, training_output/v3 say; several may be given. What is kept in it is sent
    in the order in which it was logged, to where the run was tracked. What was sent before is not
    sent again. It works outside of a project, too.
    """
    from dsf.cli.streams import log_to_stderr
    from dsf.core.extras import require_extra
    from dsf.tracking import sync_run

    require_extra("track", module="mlflow", feature="`dsf-cli sync`")
    invocation = Invocation.current()
    with log_to_stderr(verbose=invocation.verbose):
        folders = [open_run(run, "dsf-cli sync").path for run in runs]
        found = {folder: sync_run(folder) for folder in folders}
    invocation.result = {
        "command": "sync",
        "runs": [{"run_dir": str(folder), **_describe(one)} for folder, one in found.items()],
    }
    if not invocation.as_json:
        for folder, one in found.items():
            click.echo(f"{folder}: {_tell(one)}")
    _check_all_sent(found)


def _describe(synced: Synced) -> dict[str, object]:
    return {
        "store": synced.where,
        "tracking_run": synced.run_id,
        "sent": synced.events,
        "refused": synced.refused,
        "bytes_left": synced.left,
        "problem": synced.problem,
    }


def _tell(synced: Synced) -> str:
    """Say what became of a run, as the end of a line."""
    told = f"{synced.events} sent to {synced.where}"
    if not synced.events:
        told = "nothing was sent" if synced.left else "nothing was left to send"
    if synced.refused:
        told += f"; {synced.refused} that the store refuses are in tracking/refused.jsonl"
    return f"{told}; {synced.left} bytes are left" if synced.left else told


def _check_all_sent(found: dict[Path, Synced]) -> None:
    """Say why something was left.

    Raises:
        RunError: If anything was.
    """
    from dsf.core.errors import RunError

    problems = [f"{folder}: {one.problem}" for folder, one in found.items() if one.problem]
    if problems:
        told = "\n".join(problems)
        raise RunError(f"All that was logged must be sent, but something is left:\n{told}")
