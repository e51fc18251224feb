"""Two runs side by side on the terminal: what differs, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.cli.history.layout import print_command, print_heading, print_line, print_table
from dsf.cli.history.texts import write_commit, write_ends, write_number, write_value
from dsf.core.measures import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

__all__ = ["print_differences"]

_OTHER_ROWS = (
    "The two were tested on other rows: their numbers do not tell which model is the better one."
)


def print_differences(told: Mapping[str, Any], console: Console) -> None:
    """Print in what two runs differ.

    Args:
        told: What :func:`dsf.core.history.describe_differences` gives; ``test_with``, if it is
            there, is the command that tests the difference.
        console: Where to.
    """
    from rich.text import Text

    old, new = told["old"], told["new"]
    names = (old["version"], new["version"])
    if names[0] == names[1]:
        names = (old["run_dir"], new["run_dir"])
    console.print(Text(f"{names[0]} -> {names[1]}", style="bold"))
    for problem in told["problems"]:
        print_line(console, problem, "red")
    _print_changes(console, "Config", told["config"], names, "The same.")
    same_data = "The same rows, split the same way."
    _print_changes(console, "Data", told["data"], names, same_data)
    if told["seed"]:
        print_heading(console, "Seed")
        seeds = [write_value(told["seed"][side]) for side in ("old", "new")]
        print_line(console, f"{seeds[0]} -> {seeds[1]}")
    _print_code(console, told)
    _print_changes(console, "Versions", told["versions"], names, "The same.")
    _print_scores(console, told, names)


def _print_changes(
    console: Console,
    heading: str,
    changes: Sequence[Mapping[str, Any]],
    names: tuple[str, str],
    nothing: str,
) -> None:
    print_heading(console, heading)
    rows = [(one["path"], _side(one["old"]), _side(one["new"])) for one in changes]
    if rows:
        print_table(console, ("", *names), rows)
    else:
        print_line(console, nothing, "dim")


def _side(value: Any) -> str:
    """Write a value in short: a hash in part, and what is not there as a dash."""
    text = write_value(value) or "-"
    is_hash = len(text) > 40 and not set(text) - set("0123456789abcdef…")
    return text[:12] if is_hash else text


def _print_code(console: Console, told: Mapping[str, Any]) -> None:
    print_heading(console, "Code")
    rows = [(one["file"], one["change"], ", ".join(one["steps"])) for one in told["code"]]
    if rows:
        print_table(console, ("file", "", "in the steps"), rows)
    else:
        print_line(console, "The project's files are the same in the steps that both did.", "dim")
    commits = [write_commit(told["git"][side]) or "-" for side in ("old", "new")]
    if commits[0] != commits[1]:
        print_line(console, f"commit: {commits[0]} -> {commits[1]}")
    elif commits[0] != "-":
        print_line(console, f"commit: {commits[0]}")
    if any(commit.endswith("*") for commit in commits):
        print_line(console, "*: with changes that are not committed.", "dim")
    for line in told["git"]["stat"].splitlines():
        print_line(console, line)


def _print_scores(console: Console, told: Mapping[str, Any], names: tuple[str, str]) -> None:
    print_heading(console, "Numbers")
    rows = []
    for one in told["scores"]:
        sides = [_score(one[side]) for side in ("old", "new")]
        change = write_number(one["difference"], signed=True)
        rows.append((one["metric"].replace("_", " "), *sides[0], *sides[1], change))
    if not rows:
        print_line(console, "Neither run was tested.", "dim")
        return
    headers = ("metric", names[0], "interval", names[1], "interval", "change")
    print_table(console, headers, rows, right=[1, 3, 5], firm=[2, 4, 5])
    verdicts = [told["verdicts"][side] or "none" for side in ("old", "new")]
    if verdicts != ["none", "none"]:
        print_line(console, f"verdict: {verdicts[0]} -> {verdicts[1]}")
    if told["same_test_rows"] is False:
        print_line(console, _OTHER_ROWS, "yellow")
    elif told.get("test_with") and any(one["old"] and one["new"] for one in told["scores"]):
        print_line(console, "Whether a difference is more than chance was not tested here:")
        print_command(console, told["test_with"])


def _score(score: Mapping[str, Any] | None) -> tuple[str, str]:
    if score is None:
        return "", ""
    return write_number(score["value"]), write_ends(Measure(**score))
