"""A split as the section ``dataset_config`` says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.data.label_layout import LabelLayout
from dsf.data.splits.parts import PARTS, split_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["rows_path", "split_configured", "wanted_sizes"]


def split_configured(
    rows: pd.DataFrame, dataset_config: Mapping[str, Any]
) -> dict[str, pd.DataFrame]:
    """Split rows into ``train``, ``validation`` and ``test``.

    Args:
        rows: The whole data set.
        dataset_config: Section of the config, with ``seed`` filled in. ``rows_path`` is the
            folder whose files hold the parts; ``None`` keeps them in memory.

    Raises:
        DataError: If the rows cannot be split that way.
        StorageError: If ``rows_path`` cannot be written.
    """
    layout = LabelLayout.of(dataset_config, rows)
    columns = () if layout is None or layout.kind == "tags" else layout.columns
    single = layout is not None and layout.kind == "single"
    return split_rows(
        rows,
        wanted_sizes(dataset_config),
        strategy=dataset_config["split_strategy"],
        label_column=columns[0] if single else None,
        label_columns=() if single else columns,
        seed=dataset_config["seed"],
        group_column=dataset_config.get("group_column"),
        time_column=dataset_config.get("time_column"),
        split_column=dataset_config.get("split_column"),
        hash_columns=dataset_config.get("hash_columns") or (),
        folds=dataset_config.get("folds", 5),
        fold=dataset_config.get("fold", 0),
        store=rows_path(dataset_config),
    )


def rows_path(dataset_config: Mapping[str, Any]) -> Path | None:
    """Give the folder whose files hold the rows; ``None`` if memory does."""
    place = dataset_config.get("rows_path")
    return None if place is None else Path(place)


def wanted_sizes(dataset_config: Mapping[str, Any]) -> dict[str, float | None]:
    """Give the numbers of rows if the config has any, else the ratios, by part."""
    counts = {part: dataset_config.get(f"{part}_rows") for part in PARTS}
    if any(number is not None for number in counts.values()):
        return counts
    return {part: dataset_config[f"{part}_ratio"] for part in PARTS}
