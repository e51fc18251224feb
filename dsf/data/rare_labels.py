"""Labels with too few rows to be in every part of a split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.excerpts import count, excerpt

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from dsf.data.label_layout import LabelLayout

__all__ = ["describe_rare_labels"]


def describe_rare_labels(
    layout: LabelLayout, parts: Mapping[str, pd.DataFrame], shown: int = 5
) -> str:
    """Name the labels with fewer rows than there are parts, each with its rows.

    Args:
        layout: Where the rows have their labels, one or more a row.
        parts: Part → its rows, each with a ``row_id``.
        shown: How many labels are named.

    Returns:
        One sentence; empty if there are no such labels.
    """
    names = layout.names(list(parts.values()))
    counts: dict[str, int] = {}
    for rows in parts.values():
        for name, number in layout.count(rows).items():
            counts[name] = counts.get(name, 0) + number
    pairs = zip(layout.flat_names(names), layout.each(names), strict=True)
    rare = {name: label for name, label in pairs if 0 < counts.get(name, 0) < len(parts)}
    if not rare:
        return ""
    found = [_describe(layout, parts, *pair) for pair in list(rare.items())[:shown]]
    more = ", …" if len(rare) > shown else ""
    return f"{count(len(rare), 'label')} cannot be in every part: {', '.join(found)}{more}."


def _describe(layout: LabelLayout, parts: Mapping[str, pd.DataFrame], name: str, label: Any) -> str:
    ids = [
        one
        for rows in parts.values()
        for one in rows["row_id"][layout.has_label(rows, label)].tolist()
    ]
    return f"{name!r} ({count(len(ids), 'row')}, row_id {excerpt(ids)})"
