"""The columns of the table of runs: what each shows, and which give way on a narrow terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.cli.history.texts import (
    write_age,
    write_commit,
    write_ends,
    write_moment,
    write_number,
    write_seconds,
    write_status,
    write_value,
)
from dsf.core.history import find_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from dsf.core.history import RunSummary

__all__ = ["COLUMNS", "Column", "choose_columns", "name_columns"]

# In the order of the table. The second is how long a column stays: the lowest gives way first.
_PLACES = {
    "version": 99,
    "created": 20,
    "age": 70,
    "name": 60,
    "task": 25,
    "status": 98,
    "metric": 90,
    "score": 97,
    "interval": 85,
    "existing": 75,
    "verdict": 80,
    "seconds": 50,
    "commit": 40,
    "seed": 30,
    "tags": 15,
    "description": 10,
}
COLUMNS = tuple(_PLACES)
_HEADERS = {"seconds": "time"}
_RIGHT = {"age", "score", "existing", "seconds", "seed"}
_FOLDED = {"name": 24, "tags": 30, "description": 40}


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: How ``--columns`` calls it.
        header: What stands above it.
        write: Gives what a person reads.
        values: Gives what a program reads, by name.
        stays: The lower, the sooner it gives way.
        right: Whether it holds numbers.
        widest: Width in characters at which it is folded; ``None``: never.
    """

    name: str
    header: str
    write: Callable[[RunSummary], str]
    values: Callable[[RunSummary], dict[str, Any]]
    stays: int
    right: bool = False
    widest: int | None = None


def name_columns(asked: Sequence[str]) -> list[str]:
    """Split what was given with ``--columns``: names, with commas between them."""
    return [name.strip() for one in asked for name in one.split(",") if name.strip()]


def choose_columns(
    runs: Sequence[RunSummary], metrics: Sequence[str], asked: Sequence[str], now: datetime
) -> list[Column]:
    """Give the columns of a table.

    Args:
        runs: Its rows; a column that none of them fills is left out, unless it was asked for.
        metrics: Metrics that stand in place of the main one.
        asked: Names of columns, metrics and other values of a run; empty: those that there are.
        now: The present moment, for ages.
    """
    main = list(dict.fromkeys(run.main_metric for run in runs if run.main_metric))
    if asked:
        named = [one for name in asked for one in _name_column(name, main, now)]
        return [*named, *(one for metric in metrics for one in _metric_columns(metric))]
    columns: list[Column] = []
    for name in COLUMNS:
        if name in ("metric", "score", "interval") and metrics:
            if name == "score":
                columns += [one for metric in metrics for one in _metric_columns(metric)]
        elif name == "existing" and metrics and list(metrics) != main:
            continue  # its number would stand beside that of another metric
        elif name != "metric" or len(main) > 1:
            columns += _name_column(name, main, now)
    keep = ("version", "status")
    return [one for one in columns if one.name in keep or any(one.write(run) for run in runs)]


def _name_column(name: str, main: Sequence[str], now: datetime) -> list[Column]:
    if name in _PLACES:
        header = main[0] if name == "score" and len(main) == 1 else _HEADERS.get(name, name)
        write = _writers(now)[name]
        return [
            Column(
                name=name,
                header=header,
                write=write,
                values=lambda run: _values(run, name),
                stays=_PLACES[name],
                right=name in _RIGHT,
                widest=_FOLDED.get(name),
            )
        ]
    return [_value_column(name)]


def _metric_columns(metric: str) -> list[Column]:
    def write(run: RunSummary) -> str:
        return write_ends(run.scores.get(metric))

    def values(run: RunSummary) -> dict[str, Any]:
        score = run.scores.get(metric)
        ends = (score.lower, score.upper) if score else (None, None)
        return {f"{metric}.lower": ends[0], f"{metric}.upper": ends[1]}

    return [
        _value_column(metric),
        Column(f"{metric}.interval", "interval", write, values, _PLACES["interval"], right=False),
    ]


def _value_column(name: str) -> Column:
    """Make the column of any value of a run: a metric, or a key of its config."""

    def write(run: RunSummary) -> str:
        if name in run.scores:
            return write_number(run.scores[name].value)
        return write_value(find_value(run, name))

    return Column(
        name=name,
        header=name,
        write=write,
        values=lambda run: {name: find_value(run, name)},
        stays=_PLACES["score"],
        right=True,
    )


def _writers(now: datetime) -> Mapping[str, Callable[[RunSummary], str]]:
    return {
        "version": lambda run: run.version,
        "created": lambda run: write_moment(find_value(run, "created")),
        "age": lambda run: write_age(find_value(run, "created"), now),
        "name": lambda run: run.name,
        "task": lambda run: str(find_value(run, "task") or ""),
        "status": write_status,
        "metric": lambda run: run.main_metric or "",
        "score": lambda run: write_number(run.main_score.value) if run.main_score else "",
        "interval": lambda run: write_ends(run.main_score),
        "existing": lambda run: write_number(find_value(run, "existing")),
        "verdict": lambda run: run.verdict,
        "seconds": lambda run: write_seconds(run.seconds),
        "commit": lambda run: write_commit(run.record.git if run.record else None),
        "seed": lambda run: write_value(find_value(run, "seed")),
        "tags": _write_tags,
        "description": lambda run: run.description,
    }


def _values(run: RunSummary, name: str) -> dict[str, Any]:
    """Give what a program reads of a column with a name of its own."""
    score = run.main_score
    if name == "interval":
        return {"lower": score.lower if score else None, "upper": score.upper if score else None}
    if name == "commit":
        git = (run.record.git if run.record else None) or {}
        return {"commit": git.get("commit"), "dirty": git.get("dirty")}
    if name == "status":
        return {"status": run.status, "step": run.step}
    own = {
        "metric": run.main_metric,
        "score": score.value if score else None,
        "tags": _write_tags(run),
    }
    return {} if name == "age" else {name: own[name] if name in own else find_value(run, name)}


def _write_tags(run: RunSummary) -> str:
    return ", ".join(f"{name}={value}" for name, value in run.tags.items())
