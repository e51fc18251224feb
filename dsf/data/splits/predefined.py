"""``predefined``: a column says where each row belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import count, excerpt

if TYPE_CHECKING:
    from dsf.data.splits.request import SplitRequest

__all__ = ["split_predefined"]

_SPELLINGS = {
    "training": "train",
    "dev": "validation",
    "val": "validation",
    "valid": "validation",
    "testing": "test",
}


def split_predefined(request: SplitRequest) -> np.ndarray:
    """Read the parts from the column. Shape: ``(rows,)``, numbers of parts.

    Upper and lower case are the same, and the usual other names (``dev``, ``val``, ``valid``,
    ``training``, ``testing``) are understood.

    Raises:
        DataError: If a row names no part.
    """
    column = request.column("split_column")
    parts = {part: code for code, part in enumerate(request.sizes)}
    codes = np.full(len(column), -1, dtype=np.int64)
    for value in column.unique().tolist():
        name = str(value).strip().lower()
        code = parts.get(_SPELLINGS.get(name, name))
        if code is not None:
            codes[(column == value).to_numpy(dtype=bool)] = code
    unknown = np.flatnonzero(codes < 0)
    if len(unknown):
        found = excerpt(column.iloc[unknown].unique())
        where = f"{found} in {count(len(unknown), 'row')}: {excerpt(unknown)}"
        message = f"must be one of {', '.join(parts)}, but is {where}."
        raise DataError("The parts cannot be read.", [Problem(str(request.split_column), message)])
    return codes
