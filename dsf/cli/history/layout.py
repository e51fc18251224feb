"""Headings, lines and small tables that the views of `dsf-cli history` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

__all__ = ["print_command", "print_heading", "print_line", "print_list", "print_table"]

_MOST_ROWS = 40


def print_heading(console: Console, text: str) -> None:
    """Begin a section."""
    from rich.text import Text

    console.print(Text(f"\n{text}", style="bold"))


def print_line(console: Console, text: str, style: str = "") -> None:
    """Print a sentence, indented, in lines as wide as the terminal."""
    from rich.padding import Padding
    from rich.text import Text

    console.print(Padding(Text(text, style=style), (0, 0, 0, 2)))


def print_command(console: Console, text: str) -> None:
    """Print what is to be copied: never broken into lines."""
    from rich.text import Text

    console.print(Text(f"  {text}"), soft_wrap=True)


def print_list(console: Console, pairs: Sequence[tuple[str, str]]) -> None:
    """Print names with what belongs to them, those that have nothing left out."""
    print_table(console, [], [pair for pair in pairs if pair[1]])


def print_table(
    console: Console,
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[int] = (),
    firm: Sequence[int] = (),
) -> None:
    """Print a table; of a long one the first rows, and how many more there are.

    Args:
        console: Where to.
        headers: Empty for a table without any.
        rows: As wide as the headers.
        right: Columns with numbers.
        firm: Columns that are never folded.
    """
    from rich import box
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    table = Table(
        box=box.SIMPLE_HEAD if headers else None,
        show_header=bool(headers),
        pad_edge=False,
        collapse_padding=True,
        show_edge=False,
        padding=(0, 1, 0, 0) if headers else (0, 2, 0, 0),
    )
    for place in range(len(rows[0])):
        table.add_column(
            Text(headers[place]) if headers else "",
            justify="right" if place in right else "left",
            no_wrap=place in firm,
            overflow="fold",
        )
    for row in rows[:_MOST_ROWS]:
        table.add_row(*map(Text, row))
    console.print(Padding(table, (0, 0, 0, 2)))
    if len(rows) > _MOST_ROWS:
        print_line(console, f"… and {len(rows) - _MOST_ROWS} more; --json tells all.", "dim")
