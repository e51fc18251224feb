"""split: the rows become train, validation and test, and are searched for leaks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from dsf.base.scoring import check_scored_rows
from dsf.base.steps.step import SPLIT_FILE, SPLIT_FOLDER, Step, StepContext, files_named
from dsf.core.atomic import write_json
from dsf.core.excerpts import count, excerpt
from dsf.data import (
    LabelLayout,
    apply_leak_policy,
    audit_split,
    check_known_labels,
    describe_rare_labels,
    name_text,
    write_part,
)
from dsf.data.splits.configured import wanted_sizes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from dsf.data import SplitAudit

__all__ = ["SPLIT"]

log = logging.getLogger("dsf")

_BALANCED = ("stratified", "multilabel", "kfold")


def _perform(context: StepContext) -> None:
    """Split ``options["rows"]``, or keep ``options["parts"]`` that were split before."""
    reading = _tell_reading(context)
    parts = context.options.get("parts") or context.options["preparation"].get_parts(
        context.options["rows"]
    )
    layout = LabelLayout.of(context.config["dataset_config"], parts["train"])
    if layout is not None:
        _check_known_labels(context, layout, parts)
        _tell_rare_labels(context, layout, parts)
    if "test" in parts:
        check_scored_rows(context.config, parts["test"])
    audit = _audit(context, layout, parts)
    section = context.dataset_config()
    parts = apply_leak_policy(parts, audit, section["on_leak"], store=section["rows_path"])
    for part, rows in parts.items():
        if len(rows) < audit.sizes[part]:
            left = f"{len(rows)} of {count(audit.sizes[part], 'row')} are left"
            log.warning("%-8s on_leak drop: %s: %s", "split", part, left)
    for part, table in parts.items():
        write_part(table, context.folder / f"{part}.parquet")
    described = _describe(context, layout, parts)
    described |= {"reading": reading, "audit": _audited(context, audit)}
    write_json(context.folder / SPLIT_FILE, described)
    if layout is not None:
        _warn_of_unlearnable(layout, described)


def _tell_reading(context: StepContext) -> dict[str, int]:
    """Give the reader's counts, and say aloud what it left out because an option asked for it."""
    tables = context.options.get("parts") or {"rows": context.options["rows"]}
    counts: dict[str, int] = {}
    for table in tables.values():
        for name, number in table.attrs.get("reading", {}).items():
            if isinstance(number, int):
                counts[name] = counts.get(name, 0) + number
    if counts.get("duplicate_rows"):
        number, option = counts["duplicate_rows"], "read_options.drop_duplicates leaves them out"
        rows = "row repeats" if number == 1 else "rows repeat"
        log.info("%-8s %d %s an earlier one, label and all (%s)", "split", number, rows, option)
    for name, number in counts.items():
        if name.startswith("dropped_") and number:
            option = f"read_options.{name.replace('dropped', 'drop')}"
            rows = "row is" if number == 1 else "rows are"
            log.warning("%-8s %d %s left out (%s)", "split", number, rows, option)
    return counts


def _tell_rare_labels(
    context: StepContext, layout: LabelLayout, parts: Mapping[str, pd.DataFrame]
) -> None:
    """Name the labels that a strategy which balances labels cannot balance."""
    if context.config["dataset_config"]["split_strategy"] in _BALANCED and layout.kind != "tags":
        told = describe_rare_labels(layout, parts)
        if told:
            log.warning("%-8s %s No score can be trusted that is of so few rows", "split", told)


def _check_known_labels(
    context: StepContext, layout: LabelLayout, parts: Mapping[str, pd.DataFrame]
) -> None:
    known = context.config["model_config"].get("label_names")
    path = context.config["dataset_config"]["labels_path"]
    source = f"{path} (dataset_config.labels_path)" if path else "model_config.label_names"
    if known is not None:
        check_known_labels(layout, parts, known, source)


def _audit(
    context: StepContext, layout: LabelLayout | None, parts: Mapping[str, pd.DataFrame]
) -> SplitAudit:
    """Search the parts for rows that stand in two of them, and warn of what is found."""
    config = context.config["dataset_config"]
    audit = audit_split(
        parts,
        text_column=name_text(config),
        labels=layout,
        group_column=config["group_column"],
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
    folds = config["split_strategy"] == "kfold" and not predefined
    names, train = _label_names(context, layout, parts), parts["train"]
    return {
        "strategy": "predefined" if predefined else config["split_strategy"],
        "seed": None if predefined else context.options["seed"],
        "ratios": None if predefined or folds else wanted_sizes(config),
        **({"folds": config["folds"], "fold": config["fold"]} if folds else {}),
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
    """List the labels: the configured ones, or those that occur."""
    configured = context.config["model_config"].get("label_names")
    if configured is not None and layout is not None:
        return configured
    return layout.names(list(parts.values())) if layout else []


def _warn_of_unlearnable(layout: LabelLayout, described: Mapping[str, Any]) -> None:
    """Name the labels that no training row shows, whichever way the rows were split."""
    learned = described["labels"]["train"]
    never = [name for name in layout.flat_names(described["label_names"]) if not learned.get(name)]
    if never:
        log.warning(
            "%-8s train has no row of %s: the model cannot learn what they look like. Give it "
            "rows of them, or do without these labels",
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
