"""split: the rows become train, validation and test, and are searched for leaks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from dsf.base.steps.step import SPLIT_FILE, SPLIT_FOLDER, Step, StepContext, files_named
from dsf.core.atomic import write_json
from dsf.core.errors import ConfigError, Problem
from dsf.core.excerpts import excerpt
from dsf.data import LabelLayout, apply_leak_policy, audit_split, write_part
from dsf.data.splits.configured import wanted_sizes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from dsf.data import SplitAudit

__all__ = ["SPLIT"]

log = logging.getLogger("dsf")


def _perform(context: StepContext) -> None:
    """Split ``options["rows"]``, or keep ``options["parts"]`` that were split before."""
    parts = context.options.get("parts") or context.options["preparation"].get_parts(
        context.options["rows"]
    )
    layout = LabelLayout.of(context.config["dataset_config"], parts["train"])
    audit = _audit(context, layout, parts)
    section = context.dataset_config()
    parts = apply_leak_policy(parts, audit, section["on_leak"], store=section["rows_path"])
    for part, table in parts.items():
        write_part(table, context.folder / f"{part}.parquet")
    described = _describe(context, layout, parts)
    write_json(context.folder / SPLIT_FILE, {**described, "audit": _audited(context, audit)})
    if layout is not None:
        _warn_of_unlearnable(layout, described)


def _audit(
    context: StepContext, layout: LabelLayout | None, parts: Mapping[str, pd.DataFrame]
) -> SplitAudit:
    """Search the parts for rows that stand in two of them, and warn of what is found."""
    config = context.config["dataset_config"]
    text, group = config["text_column"], config["group_column"]
    audit = audit_split(
        parts,
        text_column=text if all(text in table for table in parts.values()) else None,
        label_columns=() if layout is None or layout.kind == "tags" else layout.columns,
        group_column=group if all(group in table for table in parts.values()) else None,
        near=config["audit_near"],
    )
    # What train lacks is told below, with the labels that only the config names.
    for line in audit.describe(without="train"):
        log.warning("%-8s %s", "split", line)
    if audit.leaks and config["on_leak"] == "warn":
        log.warning(
            "%-8s The test may look better than the model is. dataset_config.on_leak: drop takes "
            "such rows out of the earlier part, fail stops; split.json has examples",
            "split",
        )
    return audit


def _audited(context: StepContext, audit: SplitAudit) -> dict[str, Any]:
    config = context.config["dataset_config"]
    dropped = {part: len(audit.rows_to_drop(part)) for part in audit.sizes}
    return {
        "on_leak": config["on_leak"],
        "dropped": dropped if config["on_leak"] == "drop" else {},
        **audit.to_dict(),
    }


def _describe(
    context: StepContext, layout: LabelLayout | None, parts: Mapping[str, pd.DataFrame]
) -> dict[str, Any]:
    config = context.config["dataset_config"]
    predefined = "parts" in context.options or config["split_strategy"] == "predefined"
    names, train = _label_names(context, layout, parts), parts["train"]
    return {
        "strategy": "predefined" if predefined else config["split_strategy"],
        "seed": None if predefined else context.options["seed"],
        "ratios": None if predefined else wanted_sizes(config),
        "rows": {part: len(table) for part, table in parts.items()},
        "label_names": names,
        "label_counts": layout.count_targets(train, names) if layout else [],
        "train_rows": layout.count_units(train) if layout else len(train),
        "labels": {part: layout.count(table) if layout else {} for part, table in parts.items()},
        "data_hash": context.options["data_hash"],
    }


def _label_names(
    context: StepContext, layout: LabelLayout | None, parts: Mapping[str, pd.DataFrame]
) -> Any:
    """List the labels: the configured ones, which must cover the data, or those that occur."""
    found = layout.names(list(parts.values())) if layout else []
    configured = context.config["model_config"].get("label_names")
    if configured is None or layout is None:
        return found
    unknown = [name for name in _keys(found) if name not in _keys(configured)]
    if unknown:
        raise ConfigError(
            "The labels of the data and of the config must agree.",
            [Problem("model_config.label_names", f"must name these labels too: {unknown}.")],
        )
    return configured


def _keys(names: Any) -> list[Any]:
    """List what can be compared: labels, or pairs of an output and a label."""
    if not isinstance(names, dict):
        return list(names)
    return [(output, label) for output, labels in names.items() for label in labels]


def _warn_of_unlearnable(layout: LabelLayout, described: Mapping[str, Any]) -> None:
    """Name the labels that no training row shows, whichever way the rows were split."""
    learned = described["labels"]["train"]
    never = [name for name in layout.flat_names(described["label_names"]) if not learned.get(name)]
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
