"""What all kinds of predictions share: how they are written, read and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.atomic import atomic_path
from dsf.core.errors import DataError, Problem, RunNotFoundError
from dsf.core.excerpts import excerpt, first_problems

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa  # type: ignore[import-untyped]

__all__ = [
    "check_fit",
    "plain",
    "read_frame",
    "repeated_problems",
    "rows_and_values",
    "write_frame",
]


def write_frame(frame: pd.DataFrame, path: Path, schema: pa.Schema | None = None) -> None:
    """Write a table as Parquet, whole or not at all; its ``attrs`` go into the metadata.

    Args:
        frame: What is written; its index is not.
        path: Where.
        schema: Types of the columns; those that pyarrow finds if ``None``.
    """
    with atomic_path(path) as temporary:
        frame.to_parquet(temporary, index=False, schema=schema)


def read_frame(path: Path) -> pd.DataFrame:
    """Read what :func:`write_frame` wrote.

    Raises:
        RunNotFoundError: If there is no such file.
    """
    if not path.is_file():
        raise RunNotFoundError(f"{path}: a file of predictions must be here, but is not.")
    return pd.read_parquet(path)


def check_fit(problems: Sequence[Problem]) -> None:
    """Refuse predictions whose parts do not fit together.

    Raises:
        DataError: If there is a problem; lists them, up to a limit.
    """
    if problems:
        raise DataError("The predictions do not fit together.", first_problems(problems))


def repeated_problems(name: str, values: Any) -> list[Problem]:
    """Find values that come twice though each must come once."""
    repeated = pd.Index(values).duplicated()
    if not repeated.any():
        return []
    found = excerpt(np.asarray(values)[repeated])
    return [Problem(name, f"must be unique, but these repeat: {found}.")]


def rows_and_values(wrong: np.ndarray, values: np.ndarray) -> tuple[str, str]:
    """Write the first rows that are wrong, and what stands in them.

    Args:
        wrong: Shape: ``(rows,)``.
        values: Shape: ``(rows,)``.
    """
    at = np.flatnonzero(wrong)
    return excerpt(at), excerpt(values[at])


def plain(value: Any) -> Any:
    """Turn a numpy scalar into the Python value that JSON and people understand."""
    return value.item() if hasattr(value, "item") else value
