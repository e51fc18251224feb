"""One run on the terminal: what it is, how far it came, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.cli.history.layout import print_command, print_heading, print_line, print_list, print_table
from dsf.cli.history.runs_table import status_style, verdict_style
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
from dsf.core.measures import Measure
from dsf.core.yaml_file import show_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from dsf.core.history import RunSummary

__all__ = ["print_run"]

_WIDE = 100  # columns, from which on both intervals have room
_FINDINGS = {
    "exact": "the same text",
    "normalised": "the same text but for case, spaces and punctuation",
    "near": "nearly the same text",
    "group": "a group in common",
}


def print_run(run: RunSummary, told: Mapping[str, Any], console: Console) -> None:
    """Print all of one run.

    Args:
        run: The run.
        told: What :func:`dsf.core.history.describe_run` gives of it.
        console: Where to.
    """
    _print_head(run, told, console)
    _print_steps(told, console)
    _print_data(told["data"], console)
    _print_scores(told, console)
    _print_verdict(told["verdict"], console)
    _print_config(told["config"], console)
    _print_surroundings(told, console)
    if told["files"]:
        print_heading(console, "To look at")
        for path in told["files"]:
            print_command(console, show_path(Path(path)))


def _print_head(run: RunSummary, told: Mapping[str, Any], console: Console) -> None:
    from rich.text import Text

    heading = Text.assemble(
        (run.version, "bold"), ": ", (write_status(run), status_style(run.status))
    )
    console.print(heading)
    age = write_age(told["created"], datetime.now(UTC))
    created = f"{write_moment(told['created'])} UTC, {age} ago" if told["created"] else ""
    print_list(
        console,
        [
            ("name", told["name"]),
            ("description", told["description"]),
            ("tags", ", ".join(f"{name}={value}" for name, value in told["tags"].items())),
            ("project", told["project"] or ""),
            ("task", told["task"] or ""),
            ("created", created),
            ("time", write_seconds(told["seconds"])),
            ("seed", write_value(told["seed"])),
            ("folder", told["run_dir"]),
        ],
    )
    for problem in told["problems"]:
        print_line(console, problem, "red")


def _print_steps(told: Mapping[str, Any], console: Console) -> None:
    if not told["steps"]:
        return
    print_heading(console, "Steps")
    rows = [
        (
            step["step"],
            _status(step["status"], told["status"]),
            write_moment(step["started"]),
            write_seconds(step["seconds"]) if step["finished"] else "",
        )
        for step in told["steps"]
    ]
    print_table(console, ("step", "status", "started (UTC)", "time"), rows, right=[3])
    for step in told["steps"]:
        if step["error"]:
            print_line(console, f"{step['step']}: {step['error']}", "red")


def _status(step: str, run: str) -> str:
    """A step that says that it runs, in a run that nobody works in, was killed."""
    return run if step == "running" else step


def _print_data(data: Mapping[str, Any], console: Console) -> None:
    if not data["rows"] and not data["hash"]:
        return
    print_heading(console, "Data")
    parts = [f"{part} {rows:,}" for part, rows in data["rows"].items()]
    seed = "" if data["seed"] is None else f", seed {data['seed']}"
    print_list(
        console,
        [
            ("rows", ", ".join(parts)),
            ("split", f"{data['strategy']}{seed}" if data["strategy"] else ""),
            ("hash", str(data["hash"] or "")[:12]),
            ("audit", _describe_audit(data)),
        ],
    )
    rows = [
        (
            " and ".join(one["parts"]),
            _FINDINGS.get(one["kind"], one["kind"]),
            " and ".join(str(rows) for rows in one["rows"].values()),
        )
        for one in data["findings"]
    ]
    print_table(console, ("parts", "have", "in rows"), rows, firm=[0, 2])


def _describe_audit(data: Mapping[str, Any]) -> str:
    if not data["audited"]:
        return ""
    return "rows of two parts are alike" if data["findings"] else "no two parts share a row"


def _print_scores(told: Mapping[str, Any], console: Console) -> None:
    if not told["scores"]:
        return
    print_heading(console, "Numbers")
    both = any(one["existing"] for one in told["scores"].values())
    ends = ["interval"] if console.width >= _WIDE else []
    headers = ["metric", "trained", "interval"]
    headers += ["existing", *ends, "change", "verdict"] if both else []
    rows = []
    for metric, one in told["scores"].items():
        row = [_breakable(metric), *_side(one["trained"])]
        if both:
            difference = one["difference"] or {}
            change = write_number(difference.get("difference"), signed=True)
            existing = _side(one["existing"])[: 1 + len(ends)]
            row += [*existing, change, str(difference.get("verdict", ""))]
        rows.append(row)
    print_table(console, headers, rows, right=[1, 3, 4 + len(ends)], firm=range(1, len(headers)))


def _breakable(metric: str) -> str:
    """Let a long name break at its underscores, and mark no short one so."""
    return metric.replace("_", " ")


def _side(score: Mapping[str, Any] | None) -> tuple[str, str]:
    if score is None:
        return "", ""
    return write_number(score["value"]), write_ends(Measure(**score))


def _print_verdict(verdict: Mapping[str, Any] | None, console: Console) -> None:
    if not verdict:
        return
    word = str(verdict.get("verdict") or "")
    print_heading(console, f"Verdict: {word}")
    print_line(console, str(verdict.get("reason") or ""), verdict_style(word))


def _print_config(changes: list[dict[str, Any]] | None, console: Console) -> None:
    if not changes:
        return
    print_heading(console, "Config, where it differs from the defaults")
    rows = [
        (one["path"], write_value(one["value"]), write_value(one["default"])) for one in changes
    ]
    print_table(console, ("key", "value", "default"), rows)


def _print_surroundings(told: Mapping[str, Any], console: Console) -> None:
    print_heading(console, "Made with")
    versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items())
    git = write_commit(told["git"])
    if git.endswith("*"):
        git += " (with changes that are not committed)"
    print_list(console, [("versions", versions), ("commit", git or "no git repository")])
