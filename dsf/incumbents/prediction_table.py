"""A table of predictions on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dsf.core.errors import IncumbentError, Problem

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_table"]


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV or Parquet file.

    Labels stay as they are written: in CSV, ``NA`` and ``None`` are labels like others; only what
    is empty is missing.

    Raises:
        IncumbentError: If there is no such file, or it is none of these.
    """
    problem = None
    if path.suffix.lower() not in (".csv", ".parquet"):
        problem = "must be a .csv or .parquet file."
    elif not path.is_file():
        problem = "must be a file of predictions, but there is none. The path is relative to the "
        problem += "project's folder."
    if problem is None:
        try:
            if path.suffix.lower() == ".parquet":
                return pd.read_parquet(path)
            return pd.read_csv(path, keep_default_na=False, na_values=[""])
        except (ValueError, OSError) as error:  # what pandas and pyarrow say of a broken file
            problem = f"must be readable, but is not: {error}"
    raise IncumbentError("The file of predictions cannot be used.", [Problem(str(path), problem)])
