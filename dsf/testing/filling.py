"""The config as the steps hand it to a part."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from dsf.core.config import ProjectConfig, resolve_config
from dsf.data import LabelLayout

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["fill_config"]


def fill_config(
    config: Mapping[str, Any],
    rows: pd.DataFrame | None = None,
    schema: type[ProjectConfig] = ProjectConfig,
) -> dict[str, Any]:
    """Fill in what a part finds in its config: defaults, the seed, the labels of the rows.

    Args:
        config: A whole config, or the few keys that matter; it stays as it is.
        rows: Labelled rows, for ``label_names``, ``num_classes`` and their counts.
        schema: The project's, ``Main.config_schema``, if it has one of its own.
    """
    filled = dict(resolve_config(copy.deepcopy(dict(config)), schema=schema))
    model, dataset = filled["model_config"], filled["dataset_config"]
    if dataset.get("seed") is None:
        dataset["seed"] = model["seed"]
    layout = None if rows is None else LabelLayout.of(dataset, rows)
    if rows is not None and layout is not None:
        if model.get("label_names") is None:
            model["label_names"] = layout.names([rows])
        if model.get("num_classes") is None and isinstance(model["label_names"], list):
            model["num_classes"] = len(model["label_names"])
        model["tag_scheme"] = layout.scheme
        model["label_counts"] = layout.count_targets(rows, model["label_names"])
        model["train_rows"] = layout.count_units(rows)
    return filled
