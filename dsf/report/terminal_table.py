"""The comparison as a table on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.report.comparison_rows import as_decimal, as_difference, comparison_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.table import Table

__all__ = ["comparison_table"]

_STAR = "*"


def comparison_table(comparison: Mapping[str, Any], *, title: str | None = None) -> Table:
    """Lay a comparison out as a table: metric, trained, eval, difference.

    The better value is bold and has a star, so that it is seen without colours too.

    Args:
        comparison: ``{metric: {"trained": x, "eval": y}}``. A confusion matrix is no row.
        title: A line above the table.

    Returns:
        A table for ``rich.console.Console().print``.
    """
    from rich.markup import escape
    from rich.table import Table
    from rich.text import Text

    rows = comparison_rows(comparison)
    starred = any(row.better for row in rows)
    table = Table(
        title=escape(title) if title else None,
        caption=f"{_STAR} the better one" if starred else None,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("metric")
    for side in ("trained", "eval", "difference"):
        table.add_column(side, justify="right")
    for row in rows:
        table.add_row(
            Text(row.metric),
            _value(row.trained, better=row.better == "trained"),
            _value(row.existing, better=row.better == "existing"),
            as_difference(row.difference),
        )
    return table


def _value(value: float, *, better: bool) -> Any:
    """Write a value; the place of the star stays free without one, so that decimals align."""
    from rich.text import Text

    text = f"{as_decimal(value)}{_STAR if better else ' '}"
    return Text(text, style="bold" if better else "")
