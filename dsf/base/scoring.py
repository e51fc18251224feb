"""How answers are scored and compared, as the config says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.core.excerpts import count, excerpt
from dsf.data import LabelLayout, name_text
from dsf.metrics import Bootstrap, ComparisonRules, check_metrics
from dsf.metrics.comparing.slices import KEPT, align_rows, cut_slices
from dsf.metrics.metric_faults import CONFUSION_MATRIX, is_wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

__all__ = [
    "answers_kind",
    "check_scored_rows",
    "check_scoring",
    "make_bootstrap",
    "make_rules",
    "name_scoring_columns",
]

_HEADLINE = "Answers cannot be scored and compared as configured."
_GROUPS = "bootstrap_config.group_column"


def answers_kind(layout: LabelLayout | None) -> str | None:
    """Say what kind of answers rows with such labels get; ``None`` if nothing says so.

    Args:
        layout: Where the rows have their labels.
    """
    if layout is None:
        return None
    if layout.kind == "tags" and layout.scheme is not None:
        return "entities"
    return layout.kind


def check_scoring(config: Mapping[str, Any]) -> None:
    """Check, before anything is computed, that the task can have what is wanted.

    Args:
        config: The resolved config.

    Raises:
        ConfigError: If a metric is not known or is none of such labels, the verdict is about one
            that is switched off, or groups are wanted that no column has; lists all.
    """
    metrics, rules = config["metrics"], config["comparison_config"]
    kind = answers_kind(LabelLayout.of(config["dataset_config"]))
    problems = check_metrics(metrics, config["model_config"]["average"], kind)
    on = [name for name, value in metrics.items() if is_wanted(value) and name != CONFUSION_MATRIX]
    missing = [name for name in rules["metrics"] or () if name not in on]
    if CONFUSION_MATRIX in missing:
        missing.remove(CONFUSION_MATRIX)
        message = f"must be numbers to judge by, but {CONFUSION_MATRIX} is a table."
        problems.append(Problem("comparison_config.metrics", message))
    if missing:
        message = (
            f"must be switched on under metrics, but {excerpt(missing)} are not. On are: "
            f"{', '.join(on)}."
        )
        problems.append(Problem("comparison_config.metrics", message))
    problems += _check_groups(config, kind)
    if problems:
        raise ConfigError(_HEADLINE, problems)


def check_scored_rows(config: Mapping[str, Any], rows: pd.DataFrame) -> None:
    """Check, before a model is fitted, that rows to test on have what will be asked of them.

    Args:
        config: The resolved config.
        rows: The rows, with ``row_id``.

    Raises:
        ConfigError: If a column of groups or slices is not there, lacks a value or cannot be used;
            lists all.
    """
    problems: list[Problem] = []
    try:
        make_bootstrap(config, rows, rows["row_id"].to_numpy())
    except ConfigError as error:
        problems += error.problems
    columns, text = config["comparison_config"]["slices"], name_text(config["dataset_config"])
    try:
        cut_slices(rows, columns, text)
    except ConfigError as error:
        problems += error.problems
    if problems:
        raise ConfigError(_HEADLINE, problems)


def name_scoring_columns(config: Mapping[str, Any]) -> list[str]:
    """Name the columns that only intervals, slices and the existing model need, each once.

    Args:
        config: The resolved config.
    """
    existing = config["eval_config"]
    asked = {"file": [existing.get("id_column")], "http": existing.get("columns") or []}
    groups = [] if config["bootstrap_config"]["resample"] == "rows" else [_group_column(config)]
    return [
        name
        for name in dict.fromkeys(
            [
                *groups,
                *config["comparison_config"]["slices"],
                *asked.get(str(existing.get("incumbent")), ()),
            ]
        )
        if name is not None
    ]


def make_bootstrap(
    config: Mapping[str, Any], rows: pd.DataFrame | None, row_ids: np.ndarray
) -> Bootstrap:
    """Make what draws intervals.

    Args:
        config: The resolved config.
        rows: The rows that were answered, with ``row_id`` and the column of the groups if there
            are any; ``None`` if they were not kept.
        row_ids: The rows in the order of the answers.

    Raises:
        ConfigError: If the rows do not have the column of the groups, or a row has no group.
        DataError: If an answer has no row.
    """
    section = config["bootstrap_config"]
    groups = None
    if section["resample"] != "rows":
        column = _group_column(config)
        if rows is None or column is None or column not in rows.columns:
            known = excerpt([] if rows is None else rows.columns, 20)
            message = f"must be a column of the test rows: {column!r} is none of {known}. {KEPT}"
            raise ConfigError(_HEADLINE, [Problem(_GROUPS, message)])
        groups = _groups_of(rows, column, row_ids)
    return Bootstrap(
        n_iterations=section["n_iterations"],
        percentile=section["percentile"],
        resample=section["resample"],
        seed=section["seed"],
        groups=groups,
    )


def make_rules(config: Mapping[str, Any]) -> ComparisonRules:
    """Make the rules of the verdict.

    Args:
        config: The resolved config.
    """
    section = config["comparison_config"]
    return ComparisonRules(
        metrics=None if section["metrics"] is None else tuple(section["metrics"]),
        rule=section["rule"],
        margin=section["margin"],
        alpha=section["alpha"],
        slice_rule=section["slice_rule"],
        smallest_slice=section["smallest_slice"],
    )


def _groups_of(rows: pd.DataFrame, column: str, row_ids: np.ndarray) -> np.ndarray:
    """Give the group of each answer, as text. Shape: ``(answers,)``.

    Raises:
        ConfigError: If a row has none: it belongs neither with the others nor apart from them.
    """
    found = align_rows(rows[list(dict.fromkeys(["row_id", column]))], row_ids)[column]
    missing = found.isna().to_numpy()
    if missing.any():
        where = f"{count(int(missing.sum()), 'row')} (row_id {excerpt(row_ids[missing])})"
        message = f"must have a value in each test row, but {column!r} has none in {where}."
        raise ConfigError(_HEADLINE, [Problem(_GROUPS, message)])
    return found.astype(str).to_numpy()


def _group_column(config: Mapping[str, Any]) -> str | None:
    """Name the column whose values are the groups of a resampling."""
    section, dataset = config["bootstrap_config"], config["dataset_config"]
    if section["group_column"] is not None:
        return str(section["group_column"])
    default = "label_column" if section["resample"] == "stratified" else "group_column"
    column = dataset.get(default)
    return None if column is None else str(column)


def _check_groups(config: Mapping[str, Any], kind: str | None) -> list[Problem]:
    """Check that something says which groups are drawn, if any are."""
    section = config["bootstrap_config"]
    resample = section["resample"]
    if resample == "rows" or section["group_column"] is not None:
        return []
    if resample == "stratified" and kind not in (None, "single"):
        message = "must name a column: only rows with one label each have their label for it."
    elif _group_column(config) is None:
        default = "label_column" if resample == "stratified" else "group_column"
        message = f"must name a column, or dataset_config.{default} must: resample is {resample}."
    else:
        return []
    return [Problem(_GROUPS, message)]
