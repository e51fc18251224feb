"""What is done about rows that stand in two parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.data.splits.stored import store_parts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from dsf.data.audit.report import SplitAudit

__all__ = ["apply_leak_policy"]

_POLICIES = ("warn", "drop", "fail")


def apply_leak_policy(
    parts: Mapping[str, pd.DataFrame],
    audit: SplitAudit,
    on_leak: str,
    *,
    store: Path | None = None,
) -> dict[str, pd.DataFrame]:
    """Give the parts as they may be used.

    Args:
        parts: What was audited.
        audit: What was found in it.
        on_leak: ``warn`` leaves the parts as they are; ``drop`` removes rows from a part that also
            stand in a later one, so that the test part stays whole; ``fail`` refuses them.
        store: Folder for files that hold what is left of a part, mapped into memory; ``None``
            holds it there.

    Returns:
        Part → rows; those of the caller stay as they are.

    Raises:
        DataError: With ``fail``, if anything stands in two parts; with ``drop``, if nothing would
            be left of a part.
        StorageError: If ``store`` cannot be written.
    """
    if on_leak not in _POLICIES:
        message = f"must be one of {', '.join(_POLICIES)}, but is {on_leak!r}."
        raise DataError("The leaks cannot be handled.", [Problem("on_leak", message)])
    if on_leak == "fail" and audit.leaks:
        raise DataError(
            "Rows stand in two parts of the split (on_leak is fail; drop removes them).",
            [Problem("", line) for line in audit.describe_leaks()],
        )
    if on_leak != "drop":
        return dict(parts)
    dropped = {part: audit.rows_to_drop(part) for part in parts}
    empty = [part for part, rows in parts.items() if len(dropped[part]) == len(rows)]
    if empty:
        raise DataError(
            "Nothing is left without the rows that stand in a later part.",
            [Problem(part, "must keep a row, but every row also stands later.") for part in empty],
        )
    return {
        part: _without(rows, dropped[part], part, store) if len(dropped[part]) else rows
        for part, rows in parts.items()
    }


def _without(rows: pd.DataFrame, places: np.ndarray, part: str, store: Path | None) -> pd.DataFrame:
    goes = np.zeros(len(rows), dtype=np.int8)
    goes[places] = 1
    if store is not None:
        return store_parts(rows, goes, [part], store)[part]
    return rows.iloc[np.flatnonzero(goes == 0)].reset_index(drop=True)
