"""How answers are scored and compared, as the config says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.core.excerpts import excerpt
from dsf.data import LabelLayout
from dsf.metrics import Bootstrap, ComparisonRules, check_metrics

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

__all__ = ["answers_kind", "check_scoring", "make_bootstrap", "make_rules"]

_HEADLINE = "Answers cannot be scored and compared as configured."


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
    on = [name for name, value in metrics.items() if value and name != "confusion_matrix"]
    missing = [name for name in rules["metrics"] or () if name not in on]
    if missing:
        message = (
            f"must be switched on under metrics, but {excerpt(missing)} are not. On are: "
            f"{', '.join(on)}."
        )
        problems.append(Problem("comparison_config.metrics", message))
    problems += _check_groups(config, kind)
    if problems:
        raise ConfigError(_HEADLINE, problems)


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
        ConfigError: If the rows do not have the column of the groups.
    """
    section = config["bootstrap_config"]
    groups = None
    if section["resample"] != "rows":
        column = _group_column(config)
        if rows is None or column not in rows.columns:
            known = excerpt([] if rows is None else rows.columns, 20)
            message = f"must be a column of the test rows: {column!r} is none of {known}."
            raise ConfigError(_HEADLINE, [Problem("bootstrap_config.group_column", message)])
        groups = rows.set_index("row_id")[column].reindex(row_ids).astype(str).to_numpy()
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


def _group_column(config: Mapping[str, Any]) -> str | None:
    """Name the column whose values are the groups of a resampling."""
    section, dataset = config["bootstrap_config"], config["dataset_config"]
    if section["group_column"] is not None:
        return str(section["group_column"])
    default = "label_column" if section["resample"] == "stratified" else "group_column"
    column = dataset.get(default)
    return None if column is None else str(column)


def _check_groups(config: Mapping[str, Any], kind: str | None) -> list[Problem]:
    resample = config["bootstrap_config"]["resample"]
    if resample == "rows" or _group_column(config) is not None:
        if resample == "stratified" and kind not in (None, "single"):
            return _needs_column(config, "rows with one label each")
        return []
    return _needs_column(config, "dataset_config.group_column")


def _needs_column(config: Mapping[str, Any], instead: str) -> list[Problem]:
    if config["bootstrap_config"]["group_column"] is not None:
        return []
    message = f"must name a column where resample is not rows, unless there is {instead}."
    return [Problem("bootstrap_config.group_column", message)]
