"""`dsf-cli history`: the runs of a project, listed, told and set side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from dsf.cli.invocation import Invocation
from dsf.cli.lazy_group import LazyGroup
from dsf.cli.step_options import verbose_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.core.history import RunSummary

__all__ = ["command", "json_option", "output_option"]

_TABLE = {
    "show": ("dsf.cli.commands.history_show:command", "Tell all of one run."),
    "diff": ("dsf.cli.commands.history_diff:command", "Tell in what two runs differ."),
}
# As dsf.core.history and dsf.metrics have them, which --help has no time to import.
_STATUSES = ("done", "running", "killed", "interrupted", "failed", "empty", "damaged")
_VERDICTS = ("better", "not-worse", "undecided", "worse", "none")
_FOR_ALL = {"output_dir"}

json_option = click.option(
    "--json",
    is_flag=True,
    expose_value=False,
    help="End with one JSON object on stdout; all else goes to stderr.",
)
"""Adds ``--json``, which the command finds in its :class:`~dsf.cli.invocation.Invocation`."""

output_option = click.option(
    "--output-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder of all runs, or of a project, in place of this project's.",
)
"""Adds ``--output-dir``, received as ``output_dir``."""


@click.group("history", cls=LazyGroup, table=_TABLE, invoke_without_command=True)
@output_option
@click.option("--status", type=click.Choice(_STATUSES), multiple=True, help="Repeatable.")
@click.option("--task", metavar="TASK", multiple=True, help="Runs of this task. Repeatable.")
@click.option("--verdict", type=click.Choice(_VERDICTS), multiple=True, help="Repeatable.")
@click.option("--since", metavar="WHEN", help="A day (2026-11-01), a time, or an age (12h, 7d).")
@click.option(
    "--where",
    metavar="KEY=VALUE",
    multiple=True,
    help="A key of the config or a metric with one of = != > >= < <=, quoted for the shell: "
    "'accuracy>0.9'. Repeatable; all must hold.",
)
@click.option("--metric", metavar="NAME", multiple=True, help="Show this metric. Repeatable.")
@click.option(
    "--sort-by",
    metavar="NAME",
    help="A metric, created, seconds, or any value of --columns; the largest first.",
)
@click.option("--ascending", is_flag=True, help="The smallest or oldest first.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Show N runs at most.")
@click.option(
    "--columns",
    metavar="NAMES",
    multiple=True,
    help="Columns, metrics or keys of the config, with commas between them.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@json_option
@verbose_option
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """List the runs of a project, newest first.

    The runs are read from their folders: those of the project around the working folder, or of
    --output-dir. A run that is damaged or was killed has a row as well, which says so.
    """
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return
    _list(**options)


def _refuse_options(context: click.Context) -> None:
    """Refuse options of the list in front of another command."""
    given = [
        parameter.opts[0]
        for parameter in context.command.params
        if parameter.expose_value
        and parameter.name not in _FOR_ALL
        and context.get_parameter_source(str(parameter.name)) == ParameterSource.COMMANDLINE
    ]
    if given:
        name = context.invoked_subcommand
        raise click.UsageError(f"{', '.join(given)}: only for the list of runs, not for {name}.")


def _list(
    *,
    output_dir: Path | None,
    metric: tuple[str, ...],
    columns: tuple[str, ...],
    limit: int | None,
    as_csv: bool,
    **options: Any,
) -> None:
    """Read, choose and show."""
    from datetime import UTC, datetime

    from dsf.cli.history.columns import name_columns
    from dsf.cli.history.output_folder import find_output
    from dsf.cli.history.runs_table import describe_runs, print_runs, write_csv
    from dsf.core.history import RunSummary, list_folders

    invocation, now = Invocation.current(), datetime.now(UTC)
    if as_csv and invocation.as_json:
        raise click.UsageError("--csv and --json cannot be used together.")
    output = find_output(output_dir)
    runs = [RunSummary.read(folder) for folder in list_folders(output)]
    asked = name_columns(columns)
    _check_names(runs, metric, asked)
    chosen = _choose(runs, now=now, **options)
    shown = chosen[:limit]
    if invocation.as_json:
        invocation.result = {
            "command": "history",
            "output_dir": str(output),
            "runs_in_all": len(runs),
            "runs": describe_runs(shown, [*asked, *metric]),
        }
    elif as_csv:
        click.echo(write_csv(shown, metrics=metric, asked=asked, now=now), nl=False)
    elif not shown:
        click.echo(_explain_emptiness(output, len(runs)), err=True)
    else:
        from rich.console import Console

        print_runs(shown, metrics=metric, asked=asked, now=now, console=Console())
        _say_how_many(len(shown), len(runs))


def _check_names(runs: Sequence[RunSummary], metrics: Sequence[str], asked: Sequence[str]) -> None:
    """Refuse metrics and columns that no run has.

    Raises:
        UserError: If there are any.
    """
    from dsf.cli.history.columns import COLUMNS
    from dsf.core.errors import UserError
    from dsf.core.history import check_known, known_metrics
    from dsf.core.suggestions import did_you_mean

    known = known_metrics(runs)
    wrong = [name for name in metrics if runs and name not in known]
    if wrong:
        hints = "".join(did_you_mean(name, known) for name in wrong)
        raise UserError(
            f"--metric must be one that a run has: {', '.join(known) or 'none has any'}; not "
            f"{', '.join(wrong)}.{hints}"
        )
    check_known(asked, runs, "--columns", COLUMNS)


def _choose(
    runs: Sequence[RunSummary],
    *,
    now: Any,
    status: tuple[str, ...],
    task: tuple[str, ...],
    verdict: tuple[str, ...],
    since: str | None,
    where: tuple[str, ...],
    sort_by: str | None,
    ascending: bool,
) -> list[RunSummary]:
    from dsf.core.history import Choice, check_known, parse_conditions, parse_since, sort_runs

    choice = Choice(
        statuses=status,
        tasks=task,
        verdicts=[word.replace("-", " ") for word in verdict],
        since=parse_since(since, now) if since else None,
        conditions=parse_conditions(where),
    )
    if sort_by:
        check_known([sort_by], runs, "--sort-by")
    chosen = choice.filter(runs)
    if sort_by:
        return sort_runs(chosen, sort_by, ascending=ascending)
    return chosen[::-1] if ascending else chosen


def _explain_emptiness(output: Path, count: int) -> str:
    if count:
        number = "the one run" if count == 1 else f"the {count} runs"
        return f"None of {number} in {output} is as you ask."
    return f"There is no run in {output} yet. Start one with `dsf-cli run`."


def _say_how_many(shown: int, count: int) -> None:
    if shown < count:
        click.echo(f"{shown} of {count} runs.", err=True)
