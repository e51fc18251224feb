"""The comparison on the terminal: a table, and the verdict in a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.decimals import as_decimal, as_difference
from dsf.report.comparison_rows import comparison_rows, missing_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType
    from rich.table import Table

__all__ = ["comparison_panel", "comparison_table"]

_COLOURS = {"better": "green", "not worse": "green", "undecided": "yellow", "worse": "red"}
_UNTESTED = "Whether a difference is more than chance was not tested."
_RULES = {"superiority": "superiority", "non_inferiority": "non-inferiority"}


def comparison_panel(comparison: Mapping[str, Any]) -> RenderableType:
    """Lay out a comparison that was judged: a table, slices, what is to be said, the verdict.

    It fits 80 columns and says everything without colours too.

    Args:
        comparison: The content of ``comparison.json``, as ``dsf.metrics.compare_predictions``
            gives it. ``names``, if it is there, says how the two models are called:
            ``{"trained": …, "eval": …}``. Without ``differences`` the table is that of
            :func:`comparison_table`; without a ``verdict`` there is no frame.

    Returns:
        What ``rich.console.Console().print`` takes.
    """
    from rich.console import Group

    differences = comparison.get("differences") or {}
    parts = list(_names(comparison))
    parts.append(
        _difference_table(comparison, differences)
        if differences
        else comparison_table(comparison.get("metrics") or {})
    )
    if comparison.get("slices"):
        parts.append(_slice_table(comparison))
    parts += list(_remarks(comparison))
    if comparison.get("verdict"):
        parts.append(_frame(comparison))
    return Group(*parts)


def comparison_table(comparison: Mapping[str, Any], *, title: str | None = None) -> Table:
    """Lay a comparison out as a table: metric, trained, eval, difference.

    No side is marked as the better one: numbers alone do not tell it.

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
    said = [_UNTESTED] if rows else []
    missing = missing_numbers(comparison)
    said += [f"{name}: no number of the {who} model." for name, who in missing.items()]
    table = Table(
        title=escape(title) if title else None,
        caption=Text("\n".join(said)) if said else None,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("metric")
    for side in ("trained", "eval", "difference"):
        table.add_column(side, justify="right")
    for row in rows:
        table.add_row(
            _plain(row.metric),
            as_decimal(row.trained),
            as_decimal(row.existing),
            as_difference(row.difference),
        )
    return table


def _names(comparison: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Say which model is which."""
    names = comparison.get("names") or {}
    for side, key in (("trained ", "trained"), ("existing", "eval")):
        if key in names:
            yield _plain(f"{side}  {names[key]}")


def _difference_table(
    comparison: Mapping[str, Any], differences: Mapping[str, Mapping[str, Any]]
) -> Table:
    tested = [one for one in differences.values() if one.get("p_holm") is not None]
    table = _open_table("metric")
    for side in ("trained", "existing"):
        table.add_column(side, justify="right", no_wrap=True)
    _add_difference_columns(table, comparison)
    if tested:
        table.add_column("p", justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for metric, one in differences.items():
        sides = (comparison.get("metrics") or {}).get(metric) or {}
        values = [_number(sides.get(side)) for side in ("trained", "eval")]
        p_value = [_p_value(one.get("p_holm"))] if tested else []
        name = _name(metric, less=bool(one.get("less_is_better")))
        table.add_row(name, *values, *_difference(one), *p_value, _word(one))
    if len(tested) > 1:
        table.caption = f"p: corrected for {len(tested)} tests (Holm)"
    return table


def _slice_table(comparison: Mapping[str, Any]) -> Table:
    table = _open_table("slice")
    table.add_column("rows", justify="right", no_wrap=True)
    table.add_column("metric", overflow="fold")
    _add_difference_columns(table, comparison)
    table.add_column("verdict", no_wrap=True)
    for part in comparison["slices"]:
        label = f"{part['column']}: {part['value']}"
        for metric, one in part["metrics"].items():
            table.add_row(
                _plain(label), str(part["rows"]), _name(metric), *_difference(one), _word(one)
            )
        for metric in part.get("undefined") or {}:
            table.add_row(_plain(label), str(part["rows"]), _name(metric), "", "", "undecided")
    return table


def _open_table(first: str) -> Table:
    from rich import box
    from rich.table import Table

    # Wide enough for all that is said of a metric in 80 columns, if its long name may break.
    table = Table(
        box=box.SIMPLE_HEAD, caption_justify="left", pad_edge=False, collapse_padding=True
    )
    table.add_column(first, overflow="fold")
    return table


def _add_difference_columns(table: Table, comparison: Mapping[str, Any]) -> None:
    percentile = (comparison.get("bootstrap") or {}).get("percentile", 2.5)
    level = 100 - 2 * min(percentile, 100 - percentile)
    table.add_column("change", justify="right", no_wrap=True)
    table.add_column(f"{level:g} % interval", justify="right", no_wrap=True)


def _difference(one: Mapping[str, Any]) -> tuple[str, str]:
    ends = f"{one['lower']:+.4f} to {one['upper']:+.4f}"
    return as_difference(one["difference"]), ends


def _remarks(comparison: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Say which metrics there are not, and what had to be done to compare."""
    for metric, reason in (comparison.get("undefined") or {}).items():
        yield _plain(f"Not compared: {metric}. {reason.rstrip('.')}.")
    for note in comparison.get("notes") or ():
        yield _plain(f"Note: {note}")


def _frame(comparison: Mapping[str, Any]) -> RenderableType:
    from rich.panel import Panel
    from rich.text import Text

    verdict = comparison["verdict"]
    word = str(verdict["verdict"])
    said = Text(str(verdict["reason"]))
    if verdict.get("rule"):
        margin = f", with a margin of {verdict['margin']:g}" if _has_margin(verdict) else ""
        passed = "Passes" if verdict["passed"] else "Does not pass"
        said.append(f"\n{passed} the rule: {_RULES.get(verdict['rule'], verdict['rule'])}{margin}.")
    if comparison.get("covers"):
        said.append(f"\n\n{comparison['covers']}", style="dim")
    title = Text(f"Verdict: {word}", style="bold")
    return Panel(said, title=title, title_align="left", border_style=_COLOURS.get(word, ""))


def _has_margin(verdict: Mapping[str, Any]) -> bool:
    return verdict["rule"] == "non_inferiority" and isinstance(verdict.get("margin"), int | float)


def _word(one: Mapping[str, Any]) -> RenderableType:
    from rich.text import Text

    word = str(one.get("verdict") or "")
    return Text(word, style=_COLOURS.get(word, ""))


def _name(metric: str, *, less: bool = False) -> RenderableType:
    """Let long names break at their underscores."""
    return _plain(metric.replace("_", " ") + (" (less is better)" if less else ""))


def _plain(text: str) -> RenderableType:
    from rich.text import Text

    return Text(text)


def _number(value: Any) -> str:
    return as_decimal(value) if isinstance(value, int | float) else ""


def _p_value(value: float | None) -> str:
    if value is None:
        return ""
    return "<0.001" if value < 0.001 else f"{value:.3f}"
