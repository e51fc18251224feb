"""Whether rows have the columns and the texts that a model is asked with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.excerpts import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = ["check_columns", "check_texts"]

_SHOWN = 20


def check_columns(
    rows: pd.DataFrame, wanted: Iterable[str], where: str, advice: str = "Name others."
) -> None:
    """Refuse rows without the columns that a model is asked with.

    Args:
        rows: As the model is given them.
        wanted: Names of columns.
        where: The option that names them.
        advice: What to do.

    Raises:
        ConfigError: If some are not there.
    """
    absent = [name for name in wanted if name not in rows]
    if absent:
        message = (
            f"must be columns of the rows other than labels, but {excerpt(absent, _SHOWN)} are "
            f"not. There are {excerpt(rows.columns, _SHOWN)}. {advice}"
        )
        raise ConfigError("The existing model cannot be asked.", [Problem(where, message)])


def check_texts(rows: pd.DataFrame, column: str, advice: str) -> None:
    """Refuse rows of which some have no text.

    Args:
        rows: As the model is given them.
        column: Column of the texts.
        advice: What to do where rows have none at all.

    Raises:
        ConfigError: If there is no such column.
        DataError: If something else than text is in it.
    """
    check_columns(rows, [column], "dataset_config.text_column", advice)
    strange = np.array([not isinstance(text, str) for text in rows[column]], dtype=bool)
    if strange.any():
        found = rows.loc[strange, column].tolist()
        ids = rows.loc[strange, "row_id"] if "row_id" in rows else rows.index[strange]
        message = (
            f"must be text in every row, but row_id {excerpt(ids)} have {excerpt(found)}. Drop "
            "such rows or give them a text where they are loaded."
        )
        raise DataError("The existing model cannot be asked.", [Problem(column, message)])
