"""What a strategy is given, and how it gets at the columns it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import count, excerpt

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["SplitRequest"]


@dataclass(frozen=True)
class SplitRequest:
    """Rows to split, and all that a strategy may want to know.

    Attributes:
        rows: The whole data set.
        sizes: Part → its number of rows, in the order of the parts; they sum to the rows.
        shares: The share of each part, not rounded to whole rows.
        seed: Seed of ``generator``, for strategies that draw nothing but hash.
        generator: Source of every random choice.
        label_columns: Columns of labels that stay balanced.
        group_column: Column whose equal values stay together.
        time_column: Column that orders the rows.
        split_column: Column that names each row's part.
        hash_columns: Columns that decide about a row; empty: all but ``row_id``.
        folds: Number of folds.
        fold: The fold to test on, from 0.
    """

    rows: pd.DataFrame
    sizes: dict[str, int]
    shares: tuple[float, ...]
    seed: int
    generator: np.random.Generator
    label_columns: tuple[str, ...] = ()
    group_column: str | None = None
    time_column: str | None = None
    split_column: str | None = None
    hash_columns: tuple[str, ...] = ()
    folds: int = 5
    fold: int = 0

    def column(self, option: str) -> pd.Series:
        """Give the column that an option names.

        Args:
            option: ``group_column``, ``time_column`` or ``split_column``.

        Raises:
            DataError: If the option names no column, or a value is missing.
        """
        name = getattr(self, option)
        if name is None:
            raise DataError(
                "The rows cannot be split.", [Problem(option, "must name a column, but is null.")]
            )
        return self.filled([name])[0]

    def filled(self, names: list[str] | tuple[str, ...]) -> list[pd.Series]:
        """Give columns that are there and have a value in every row.

        Raises:
            DataError: Lists the columns that are not there, and those with missing values.
        """
        columns = list(self.rows.columns)
        shown = ", ".join(map(str, columns[:20]))
        problems = [
            Problem(name, f"must be a column, but the columns are: {shown}.")
            for name in names
            if name not in columns
        ]
        for name in names:
            if name in columns:
                missing = self.rows[name].isna().to_numpy().nonzero()[0]
                if len(missing):
                    where = f"{count(len(missing), 'row')}: {excerpt(missing)}"
                    problems.append(Problem(name, f"must be set, but is missing in {where}."))
        if problems:
            raise DataError("The rows cannot be split.", problems)
        return [self.rows[name] for name in names]
