"""Labels of the data that nobody has named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import count, excerpt, first_problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from dsf.data.label_layout import LabelLayout

__all__ = ["check_known_labels"]


def check_known_labels(
    layout: LabelLayout, parts: Mapping[str, pd.DataFrame], known: Any, source: str
) -> None:
    """Check that the data has no label but those that are named.

    Args:
        layout: Where the rows have their labels.
        parts: Part → its rows, each with a ``row_id``.
        known: The labels, in the form of :meth:`LabelLayout.names`.
        source: What names them, for the message.

    Raises:
        DataError: Lists every other label with its rows.
    """
    named, problems = set(layout.each(known)), []
    for label in layout.each(layout.names(list(parts.values()))):
        if label in named:
            continue
        ids = [
            one
            for rows in parts.values()
            for one in rows["row_id"][layout.has_label(rows, label)].tolist()
        ]
        if ids or layout.kind == "multilabel":  # a tag that its scheme allows need not occur
            name = "=".join(map(str, label)) if isinstance(label, tuple) else str(label)
            problems.append(Problem(name, f"must be one of them, but is not: {_describe(ids)}."))
    if problems:
        message = f"The labels of the data must be those of {source}."
        raise DataError(message, first_problems(problems))


def _describe(ids: list[Any]) -> str:
    if not ids:
        return "it has a column of its own"
    return (
        f"{count(len(ids), 'row')} {'has' if len(ids) == 1 else 'have'} it, row_id {excerpt(ids)}"
    )
