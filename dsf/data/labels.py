"""Labels of rows: which there are, how many rows each has, and their numbers for a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import count, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["count_labels", "encode_labels", "list_labels"]


def list_labels(labels: Iterable[pd.Series]) -> list[Any]:
    """List the different labels in several columns, sorted, as plain Python values."""
    found = pd.concat(list(labels)).unique().tolist()
    return sorted(found, key=lambda label: (str(type(label)), label))


def count_labels(labels: pd.Series) -> dict[str, int]:
    """Count the rows of each label, in the order of the labels."""
    counts = labels.value_counts().sort_index()
    return {str(label): int(count) for label, count in counts.items()}


def encode_labels(labels: pd.Series, names: Sequence[Any]) -> np.ndarray:
    """Number labels by their place in ``names``.

    Args:
        labels: One label a row.
        names: All labels, in the order of the model's outputs.

    Returns:
        Places, int64. Shape: ``(rows,)``.

    Raises:
        DataError: If a label is not among the names; says in which rows.
    """
    codes = np.asarray(pd.Index(list(names)).get_indexer(labels), dtype=np.int64)
    unknown = np.flatnonzero(codes < 0)
    if len(unknown):
        found = excerpt(labels.iloc[unknown])
        raise DataError(
            f"Every label must be one of {list(names)} (model_config.label_names).",
            [
                Problem(
                    f"rows {excerpt(unknown)}",
                    f"have {found}; {count(len(unknown), 'row')} in all.",
                )
            ],
        )
    return codes
