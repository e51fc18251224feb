"""The table of runs: as wide as the terminal lets it be, as CSV, and as plain data."""

from __future__ import annotations

from dataclasses import asdict
from shlex import quote
from typing import TYPE_CHECKING, Any

from dsf.cli.history.columns import COLUMNS, choose_columns
from dsf.core.history import find_value
from dsf.core.yaml_file import show_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from dsf.cli.history.columns import Column
    from dsf.core.history import RunSummary

__all__ = ["describe_runs", "print_runs", "status_style", "verdict_style", "write_csv"]

_STATUS_STYLES = {"done": "green", "running": "cyan", "interrupted": "yellow", "empty": "dim"}
_VERDICT_STYLES = {"better": "green", "not worse": "green", "undecided": "yellow", "worse": "red"}
_OF_MAIN_METRIC = ("metric", "score", "interval", "existing")
_MOST_NOTES = 5
_BETWEEN = 2  # characters between two columns


def status_style(status: str) -> str:
    """Give the colour of a state; what is neither done nor under way is red."""
    return _STATUS_STYLES.get(status, "red")


def verdict_style(verdict: str) -> str:
    """Give the colour of a verdict."""
    return _VERDICT_STYLES.get(verdict, "")


def print_runs(
    runs: Sequence[RunSummary],
    *,
    metrics: Sequence[str],
    asked: Sequence[str],
    now: datetime,
    console: Console,
) -> None:
    """Print runs as a table, and below it what is wrong with any of them.

    On a narrow terminal the columns that matter least are left out, which is said; those that were
    asked for are folded instead.

    Args:
        runs: In the order of the rows.
        metrics: Metrics in place of the main one.
        asked: Names of columns; empty for those that there are.
        now: The present moment.
        console: Where to.
    """
    columns = choose_columns(runs, metrics, asked, now)
    shown = columns if asked else _choose_fitting(runs, columns, console.width)
    console.print(_table(runs, shown, fold=bool(asked)))
    if left_out := [column.name for column in columns if column not in shown]:
        console.print(
            _plain(
                f"Left out for want of width: {', '.join(left_out)}. A wider terminal or --columns "
                "shows them."
            ),
            style="dim",
        )
    for note in _notes(runs):
        console.print(_plain(note), soft_wrap=True)  # paths and commands are to be copied


def write_csv(
    runs: Sequence[RunSummary], *, metrics: Sequence[str], asked: Sequence[str], now: datetime
) -> str:
    """Write runs as CSV: numbers in full, a header, no column left out."""
    import csv
    import io

    names = asked or [one for one in COLUMNS if not (metrics and one in _OF_MAIN_METRIC)]
    columns = choose_columns(runs, metrics, names, now)
    rows = [
        {key: value for column in columns for key, value in column.values(run).items()}
        for run in runs
    ]
    header = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def describe_runs(runs: Sequence[RunSummary], asked: Sequence[str]) -> list[dict[str, Any]]:
    """Give runs as plain data.

    Args:
        runs: The runs.
        asked: Names of columns; those that are values of the config are added under ``values``.
    """
    own = [name for name in asked if name not in COLUMNS]
    return [_describe(run) | ({"values": _pick(run, own)} if own else {}) for run in runs]


def _pick(run: RunSummary, names: Sequence[str]) -> dict[str, Any]:
    return {name: find_value(run, name) for name in names}


def _describe(run: RunSummary) -> dict[str, Any]:
    record = run.record
    return {
        "version": run.version,
        "run_dir": str(run.path),
        "status": run.status,
        "step": run.step,
        "created": record.created if record else None,
        "project": record.project if record else None,
        "task": record.task if record else None,
        "seed": record.seed if record else None,
        "git": record.git if record else None,
        "data_hash": record.data_hash if record else None,
        "seconds": run.seconds,
        "main_metric": run.main_metric,
        "scores": {name: score._asdict() for name, score in run.scores.items()},
        "existing": {name: score._asdict() for name, score in run.existing.items()},
        "verdict": run.verdict or None,
        "name": run.name,
        "description": run.description,
        "tags": dict(run.tags),
        "steps": {name: asdict(step) for name, step in record.steps.items()} if record else {},
        "problems": list(run.problems),
    }


def _table(runs: Sequence[RunSummary], columns: Sequence[Column], *, fold: bool) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for column in columns:
        table.add_column(
            Text(column.header),
            justify="right" if column.right else "left",
            no_wrap=not fold and column.widest is None,
            overflow="fold",
            max_width=column.widest,
        )
    for run in runs:
        table.add_row(*(_cell(run, column) for column in columns))
    return table


def _cell(run: RunSummary, column: Column) -> Text:
    from rich.text import Text

    styles = {"status": status_style(run.status), "verdict": verdict_style(run.verdict)}
    return Text(column.write(run), style=styles.get(column.name, ""))


def _choose_fitting(
    runs: Sequence[RunSummary], columns: Sequence[Column], width: int
) -> list[Column]:
    """Keep the columns that matter most and have room beside each other."""
    kept: list[Column] = []
    room = width - 2 + _BETWEEN  # an edge on each side; nothing stands between it and the last one
    for column in sorted(columns, key=lambda one: -one.stays):
        needed = _width(runs, column) + _BETWEEN
        if needed <= room or not kept:
            kept.append(column)
            room -= needed
    return [column for column in columns if column in kept]


def _width(runs: Sequence[RunSummary], column: Column) -> int:
    from rich.cells import cell_len

    widest = max(cell_len(text) for text in (column.header, *map(column.write, runs)))
    return widest if column.widest is None else min(widest, column.widest)


def _notes(runs: Sequence[RunSummary]) -> list[str]:
    """Say what is wrong with runs, and how those that were killed go on."""
    notes = [f"{run.version}: {problem}" for run in runs for problem in run.problems]
    killed = [run for run in runs if run.status == "killed"]
    notes += [
        f"{run.version}: was killed in {run.step}: nothing works in it any more. "
        f"`dsf-cli run --resume --run-dir {quote(show_path(run.path))}` goes on with it."
        for run in killed
    ]
    rest = len(notes) - _MOST_NOTES
    return notes[:_MOST_NOTES] + ([f"… and {rest} more; --json tells all."] if rest > 0 else [])


def _plain(text: str) -> Text:
    from rich.text import Text

    return Text(text)
