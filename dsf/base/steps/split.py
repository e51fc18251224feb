"""split: the rows become train, validation and test."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from dsf.base.steps.step import SPLIT_FILE, SPLIT_FOLDER, Step, StepContext, files_named
from dsf.core.atomic import write_json
from dsf.core.errors import ConfigError, Problem
from dsf.core.excerpts import excerpt
from dsf.data import count_labels, list_labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["SPLIT"]

log = logging.getLogger("dsf")


def _perform(context: StepContext) -> None:
    """Split ``options["rows"]``, or keep ``options["parts"]`` that were split before."""
    parts = context.options.get("parts") or context.options["preparation"].get_parts(
        context.options["rows"]
    )
    for part, table in parts.items():
        table.to_parquet(context.folder / f"{part}.parquet", index=False)
    described = _describe(context, parts)
    write_json(context.folder / SPLIT_FILE, described)
    _warn_of_unlearnable(described)


def _describe(context: StepContext, parts: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    config = context.config["dataset_config"]
    predefined = "parts" in context.options
    column = context.label_column
    labels = {part: table[column] for part, table in parts.items()} if column else {}
    return {
        "strategy": "predefined" if predefined else config["split_strategy"],
        "seed": None if predefined else context.options["seed"],
        "ratios": None if predefined else {part: config[f"{part}_ratio"] for part in parts},
        "rows": {part: len(table) for part, table in parts.items()},
        "label_names": _label_names(context, labels),
        "labels": {part: count_labels(values) for part, values in labels.items()},
        "data_hash": context.options["data_hash"],
    }


def _label_names(context: StepContext, labels: Mapping[str, pd.Series]) -> list[Any]:
    """List the labels: the configured ones, which must cover the data, or those that occur."""
    found = list_labels(labels.values()) if labels else []
    configured = context.config["model_config"].get("label_names")
    if configured is None:
        return found
    unknown = [label for label in found if label not in configured]
    if unknown:
        raise ConfigError(
            "The labels of the data and of the config must agree.",
            [Problem("model_config.label_names", f"must name these labels too: {unknown}.")],
        )
    return list(configured)


def _warn_of_unlearnable(described: Mapping[str, Any]) -> None:
    """Name the labels that no training row shows, whichever way the rows were split."""
    learned = described["labels"].get("train", {})
    never = [label for label in described["label_names"] if str(label) not in learned]
    if never:
        log.warning(
            "%-8s train has no row of %s: the model cannot learn what they look like. Give it "
            "rows of them, or take them out of the data",
            "split",
            excerpt(never, shown=20),
        )


SPLIT = Step(
    name="split",
    folder=SPLIT_FOLDER,
    sections=("dataset_config", "model_config.seed", "model_config.label_names"),
    after=(),
    reads=(),
    classes=("dataset_preparation_class",),
    perform=_perform,
    results=files_named("*.parquet", SPLIT_FILE),
)
