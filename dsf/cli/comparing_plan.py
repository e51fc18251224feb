"""How two models are compared: what the command line asks for, then a run's own config."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsf.cli.comparing_options import ComparingOptions
    from dsf.metrics import ComparisonRules

__all__ = ["ComparingPlan"]

_USUAL_METRICS = ("accuracy", "precision", "recall", "f1")
_CONFUSION = "confusion_matrix"
_RULE_KEYS = ("rule", "margin", "alpha", "slice_rule", "smallest_slice")


@dataclass(frozen=True)
class ComparingPlan:
    """All that decides about a comparison but the answers.

    Attributes:
        metrics: Section ``metrics``.
        average: How precision, recall and F1 become one number.
        rules: What the verdict is about.
        bootstrap: ``n_iterations``, ``percentile``, ``resample`` and ``seed``, as far as known.
        group_column: Column of the rows with the groups that are drawn.
        slices: Columns to cut slices by.
        text_column: Where the texts are, for slices by length.
        notes: What was left out, in sentences.
        taken: What comes from a config, for people; empty if nothing does.
    """

    metrics: dict[str, Any]
    average: str
    rules: ComparisonRules
    bootstrap: dict[str, Any]
    group_column: str | None
    slices: tuple[str, ...]
    text_column: str
    notes: list[str] = field(default_factory=list)
    taken: str = ""

    @classmethod
    def make(
        cls, options: ComparingOptions, config_file: Path | None, *, asks: bool = False
    ) -> ComparingPlan:
        """Take what the command line leaves open from the config of a run.

        Args:
            options: What was asked for; it wins.
            config_file: The frozen config of a run; ``None`` if none is compared.
            asks: Whether a bundle is asked, which needs rows and their texts.

        Raises:
            UsageError: If options do not go together.
            ConfigError: If the config or the rules cannot be used; lists all that is wrong.
        """
        config = _read(config_file)
        comparison, bootstrap = _section(config, "comparison_config"), _bootstrap(options, config)
        metrics, notes = _metrics(options, config, config_file)
        slices = tuple(dict.fromkeys(options.slice or comparison.get("slices") or ()))
        group = _group_column(options, config, bootstrap.get("resample", "rows"))
        _check(options, slices, group, asks=asks)
        text = options.text_column or _section(config, "dataset_config").get("text_column")
        rules = _rules(options, comparison, metrics, notes)
        average = _section(config, "model_config").get("average") or "macro"
        taken = ""
        if config_file is not None and config:
            taken = _tell(config_file, metrics, average, rules, bootstrap, slices, group)
        return cls(metrics, average, rules, bootstrap, group, slices, text or "text", notes, taken)


def _read(path: Path | None) -> dict[str, Any]:
    from dsf.core.config import read_frozen_config

    return {} if path is None else read_frozen_config(path)


def _section(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = config.get(name)
    return dict(found) if isinstance(found, dict) else {}


def _metrics(
    options: ComparingOptions, config: Mapping[str, Any], file: Path | None
) -> tuple[dict[str, Any], list[str]]:
    """Find the metrics, and say which ones of the project's own cannot be had."""
    configured = {
        name: value
        for name, value in _section(config, "metrics").items()
        if value not in (False, None) and name != _CONFUSION
    }
    if _CONFUSION in options.metric:
        message = f"must be a number to be compared: {_CONFUSION} is a table."
        raise click.BadParameter(message, param_hint="--metric")
    if options.metric:
        configured = {name: configured.get(name, True) for name in options.metric}
    elif not configured:
        configured = dict.fromkeys(_USUAL_METRICS, True)
    lost = _missing_functions(configured, file)
    named = [name for name in lost if name in options.metric]
    if named:
        message = f"{named[0]}: {lost[named[0]]}"
        raise click.BadParameter(message, param_hint="--metric")
    notes = [
        f"Left out: {name}, a metric of the project's own. {why}" for name, why in lost.items()
    ]
    return {name: value for name, value in configured.items() if name not in lost}, notes


def _missing_functions(metrics: Mapping[str, Any], file: Path | None) -> dict[str, str]:
    """Find metrics whose functions cannot be imported here: name → reason."""
    from dsf.cli.project import find_project
    from dsf.core.errors import ProjectError
    from dsf.metrics import check_metrics
    from dsf.metrics.metric_faults import is_own

    own = {name: value for name, value in metrics.items() if is_own(value)}
    if own and file is not None:
        with contextlib.suppress(ProjectError):  # a run that was copied out of its project
            sys.path.insert(0, str(find_project(file.parent)))
    problems = {name: check_metrics({name: value}) for name, value in own.items()}
    return {name: found[0].message for name, found in problems.items() if found}


def _rules(
    options: ComparingOptions,
    section: Mapping[str, Any],
    metrics: Mapping[str, Any],
    notes: list[str],
) -> ComparisonRules:
    from dsf.core.errors import ConfigError, Problem
    from dsf.metrics import ComparisonRules

    judged = options.metric or section.get("metrics")
    lost = [name for name in judged or () if name not in metrics]
    if lost:
        message = (
            f"must be metrics that can be computed here, but not {', '.join(lost)}. Name those to "
            "judge by: --metric."
        )
        message = " ".join([message, *notes])
        problem = Problem("comparison_config.metrics", message)
        raise ConfigError("The models cannot be judged as the run was configured.", [problem])
    given = {name: section[name] for name in _RULE_KEYS if section.get(name) is not None}
    given |= {
        name: value for name in _RULE_KEYS if (value := getattr(options, name, None)) is not None
    }
    return ComparisonRules(metrics=tuple(judged) if judged else None, **given)


def _bootstrap(options: ComparingOptions, config: Mapping[str, Any]) -> dict[str, Any]:
    section = _section(config, "bootstrap_config")
    keys = ("n_iterations", "percentile", "resample", "seed")
    found = {name: section[name] for name in keys if section.get(name) is not None}
    given = {
        "n_iterations": options.iterations,
        "percentile": options.percentile,
        "resample": options.resample,
    }
    return found | {name: value for name, value in given.items() if value is not None}


def _group_column(
    options: ComparingOptions, config: Mapping[str, Any], resample: str
) -> str | None:
    """Find the column of the groups: none for rows, and none for the label."""
    if options.group_column is not None and resample == "rows":
        message = "--group-column: only with --resample clusters or --resample stratified."
        raise click.UsageError(message)
    if resample == "rows" or options.group_column is not None:
        return options.group_column
    column = _section(config, "bootstrap_config").get("group_column")
    if column is None and resample == "clusters":
        column = _section(config, "dataset_config").get("group_column")
    if column is None and resample == "clusters":
        raise click.UsageError("--resample clusters needs --group-column.")
    return None if column is None else str(column)


def _check(
    options: ComparingOptions, slices: tuple[str, ...], group: str | None, *, asks: bool
) -> None:
    """Refuse options that would do nothing."""
    idle = {
        "--rows: only with --slice, --group-column or a bundle": options.rows is not None
        and not slices
        and group is None
        and not asks,
        "--text-column: only with --slice length or a bundle": options.text_column is not None
        and "length" not in slices
        and not asks,
        "--slice-rule: only with --slice": options.slice_rule is not None and not slices,
    }
    told = [message for message, wrong in idle.items() if wrong]
    if told:
        raise click.UsageError(f"{'; '.join(told)}.")


def _tell(
    file: Path,
    metrics: Mapping[str, Any],
    average: str,
    rules: ComparisonRules,
    bootstrap: Mapping[str, Any],
    slices: tuple[str, ...],
    group: str | None,
) -> str:
    """Say how is compared, where a config has a part in it."""
    from dsf.core.yaml_file import show_path

    parts = {
        "metrics": ", ".join(metrics),
        "average": average,
        "judged by": ", ".join(rules.metrics or ()),
        "rule": f"{rules.rule}, margin {rules.margin:g}, alpha {rules.alpha:g}",
        "slices": ", ".join(slices),
        "slice_rule": rules.slice_rule if slices else "",
        "bootstrap": ", ".join(f"{name} {value}" for name, value in bootstrap.items()),
        "group_column": group,
    }
    told = "; ".join(f"{name}: {value}" for name, value in parts.items() if value)
    return f"Taken from {show_path(file)}, where no option is given: {told}."
