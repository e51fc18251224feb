"""Train, validation and test rows, every label with its share of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.data import PARTS, split_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["split_data"]


def split_data(
    data: pd.DataFrame,
    train_ratio: float,
    val_ratio: float,
    test_ratio: float,
    labels_columns: Sequence[str],
    random_state: int = 42,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Split rows by iterative stratification.

    Args:
        data: The whole data set.
        train_ratio: Share of the rows to learn from.
        val_ratio: Share of the rows to choose the best epoch and the thresholds on.
        test_ratio: Share of the rows to judge the model on; the three sum to 1.
        labels_columns: Columns whose labels stay balanced.
        random_state: Same seed and rows, same split.

    Returns:
        Training, validation and test rows.

    Raises:
        DataError: If a part would stay empty, or a column is not there or has missing values.
    """
    parts = split_rows(
        data,
        dict(zip(PARTS, (train_ratio, val_ratio, test_ratio), strict=True)),
        strategy="multilabel",
        label_column=None,
        label_columns=labels_columns,
        seed=random_state,
    )
    return parts["train"], parts["validation"], parts["test"]
