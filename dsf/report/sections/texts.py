"""The text of each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from dsf.report.run_contents import RunContents

__all__ = ["row_texts", "text_column"]


def text_column(contents: RunContents) -> str | None:
    """Find the column with the texts: the config's, else the first one with words."""
    named = contents.section("dataset_config").get("text_column")
    if contents.rows is None:
        return str(named) if named else None
    if named in contents.rows:
        return str(named)
    words = [
        str(name)
        for name, column in contents.rows.items()
        if name != "row_id"
        and all(isinstance(value, str) for value in column)
        and name not in _cut_by(contents)
    ]
    return "text" if "text" in words else next(iter(words), None)


def row_texts(contents: RunContents, row_ids: np.ndarray) -> list[str] | None:
    """Give the text of each row; ``None`` if it was not kept."""
    predictions = contents.predictions.get("trained")
    if isinstance(predictions, TagPredictions):
        texts = dict(zip(predictions.row_ids.tolist(), predictions.texts, strict=True))
        return [texts.get(row, "") for row in row_ids.tolist()]
    column = text_column(contents)
    if contents.rows is None or column is None:
        return None
    return _column(contents.rows, column, row_ids)


def _cut_by(contents: RunContents) -> list[str]:
    found = contents.comparison.get("slices") or ()
    return list(dict.fromkeys(str(one["column"]) for one in found))


def _column(rows: pd.DataFrame, column: str, row_ids: np.ndarray) -> list[str]:
    values: dict[Any, Any] = dict(zip(rows["row_id"].tolist(), rows[column].tolist(), strict=True))
    return [str(values.get(row, "")) for row in row_ids.tolist()]
