"""Two models on the same rows: their numbers, what differs beyond chance, and a plain verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.core.excerpts import excerpt
from dsf.core.row_matching import find_rows
from dsf.metrics.answers import answers_of
from dsf.metrics.comparing.differences import find_differences
from dsf.metrics.comparing.joining import join_predictions
from dsf.metrics.comparing.remarks import remark_on_intervals
from dsf.metrics.comparing.rules import ComparisonRules
from dsf.metrics.comparing.slices import align_rows, cut_slices
from dsf.metrics.comparing.verdict import Verdict, judge_difference, passes, tell_reason, worst
from dsf.metrics.resampling.settings import Bootstrap
from dsf.metrics.wanted import read_metrics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.metrics.comparing.differences import Difference
    from dsf.metrics.comparing.joining import JoinedPredictions
    from dsf.metrics.comparing.slices import Slice
    from dsf.metrics.label_counts import Average
    from dsf.metrics.wanted import WantedMetric

__all__ = ["COVERS", "compare_predictions"]

COVERS = (
    "The intervals and tests cover the sampling of rows: other rows of the same kind would give "
    "other numbers. They do not cover the randomness of training: another seed would give another "
    "model."
)
"""What the numbers of a comparison can be relied on for."""

_MAIN_METRIC = {"multilabel": "f1", "entities": "f1"}
_OTHER_MAIN_METRIC = "accuracy"
_RULES: dict[str, str] = {"superiority": "superiority", "non_inferiority": "non-inferiority"}


def compare_predictions(
    trained: AnyPredictions,
    existing: AnyPredictions,
    metrics_config: Mapping[str, Any],
    *,
    average: Average = "macro",
    rules: ComparisonRules | None = None,
    bootstrap: Bootstrap | None = None,
    rows: pd.DataFrame | None = None,
    slices: Sequence[str] = (),
    text_column: str | None = None,
    common_rows: bool = False,
) -> dict[str, Any]:
    """Compare a new model with an existing one, both on the same rows.

    Args:
        trained: What the new model answered.
        existing: What the existing one answered; joined by row id.
        metrics_config: What is wanted; see :func:`dsf.metrics.read_metrics`.
        average: How precision, recall and F1 of the labels become one number.
        rules: What the verdict is about; ``None`` for the defaults.
        bootstrap: How intervals are drawn; ``None`` for the defaults. Its groups are those of the
            trained model's rows.
        rows: The rows themselves, with ``row_id``, to cut slices of.
        slices: Columns by which to cut.
        text_column: Where the texts are, for slices by length.
        common_rows: Whether rows that only one model answered are left out, not refused.

    Returns:
        ``metrics``: metric → ``{"trained", "eval"}``; ``differences``: metric → ``{"difference",
        "lower", "upper", "p_value", "p_holm", "test", "verdict", "significant"}``; ``outputs``:
        output → metric → the same without a test, where a row has several; ``verdict``; ``slices``;
        ``undefined``: metric → reason; ``notes``; ``rows``; ``covers``; ``bootstrap``.

    Raises:
        ConfigError: If a metric of the rules is not wanted, or rows cannot be cut so.
        DataError: If the predictions cannot be joined; names the rows.
    """
    rules, bootstrap = rules or ComparisonRules(), bootstrap or Bootstrap()
    joined = join_predictions(trained, existing, common_rows=common_rows)
    if len(joined.trained.row_ids) < len(trained.row_ids):
        bootstrap = bootstrap.take(find_rows(joined.trained.row_ids, trained.row_ids))
    answers = answers_of(joined.trained)
    wanted = read_metrics(metrics_config, average, answers.kind)
    judged = _judged_metrics(rules, wanted, answers.kind)
    same = joined.trained.to_frame().equals(joined.existing.to_frame())
    found, outputs, undefined = find_differences(
        answers, answers_of(joined.existing), wanted, bootstrap, same_answers=same
    )
    parts, small = _cut(joined.trained, rows, slices, text_column, rules)
    of_slices = [
        _compare_slice(part, joined, judged, bootstrap, rules.margin, same_answers=same)
        for part in parts
    ]
    names = [metric.name for metric in judged]
    return {
        "metrics": {n: {"trained": one.trained, "eval": one.existing} for n, one in found.items()},
        "differences": {name: _describe(one, rules) for name, one in found.items()},
        "outputs": {
            output: {name: _describe_side(one, rules.margin) for name, one in each.items()}
            for output, each in outputs.items()
        },
        "verdict": _judge(found, names, undefined, rules, of_slices, answers.rows).to_dict(),
        "slices": of_slices,
        "undefined": undefined,
        "notes": [*joined.notes, *remark_on_intervals(bootstrap, answers.rows), *small],
        "rows": answers.rows,
        "covers": COVERS,
        "bootstrap": bootstrap.describe(),
    }


def _judged_metrics(
    rules: ComparisonRules, wanted: Sequence[WantedMetric], kind: str
) -> list[WantedMetric]:
    """Find the metrics that the verdict is about."""
    by_name = {metric.name: metric for metric in wanted}
    if rules.metrics is None:
        main = _MAIN_METRIC.get(kind, _OTHER_MAIN_METRIC)
        return [by_name[main]] if main in by_name else list(wanted[:1])
    unknown = [name for name in rules.metrics if name not in by_name]
    if unknown:
        message = (
            f"must be metrics that are switched on, but {excerpt(unknown)} are not. On are: "
            f"{', '.join(by_name)}."
        )
        problem = Problem("comparison_config.metrics", message)
        raise ConfigError("The models cannot be judged as configured.", [problem])
    return [by_name[name] for name in dict.fromkeys(rules.metrics)]


def _describe(difference: Difference, rules: ComparisonRules) -> dict[str, Any]:
    found = difference.to_dict() | {"verdict": judge_difference(difference, rules.margin)}
    if difference.p_holm is not None:
        found["significant"] = difference.p_holm < rules.alpha
    return found


def _describe_side(one: Difference, margin: float) -> dict[str, Any]:
    """Describe a part of the whole with both its numbers; it is not tested."""
    both = {"trained": one.trained, "eval": one.existing}
    return both | one.to_dict() | {"verdict": judge_difference(one, margin)}


def _judge(
    found: Mapping[str, Difference],
    names: Sequence[str],
    undefined: Mapping[str, str],
    rules: ComparisonRules,
    slices: Sequence[Mapping[str, Any]],
    rows: int,
) -> Verdict:
    there = {name: found[name] for name in names if name in found}
    if not there or len(there) < len(names):
        missing = {name: undefined.get(name, "it is not computed") for name in names}
        told = "; ".join(f"{n}: {reason}" for n, reason in missing.items() if n not in there)
        reason = f"The models cannot be judged: {told}." if told else "No metric is switched on."
        return Verdict("undecided", reason, False, rules.rule, rules.margin)
    words = {name: judge_difference(one, rules.margin) for name, one in there.items()}
    reason = tell_reason(there, words, rules.margin, rows)
    passed = all(passes(word, rules.rule) for word in words.values())
    rule = rules.slice_rule
    failing = [
        f"{one['column']} {one['value']}"
        for one in slices
        if (one["verdict"] == "worse" if rule is None else not passes(one["verdict"], rule))
    ]
    if failing:
        what = "It is worse" if rule is None else f"It does not pass {_RULES[rule]}"
        reason += f" {what} in {len(failing)} of {len(slices)} slices: {', '.join(failing)}."
        passed = passed and rule is None
    word, must_pass = worst(list(words.values())), failing if rule is not None else []
    return Verdict(word, reason, passed, rules.rule, rules.margin, words, must_pass)


def _cut(
    trained: AnyPredictions,
    rows: pd.DataFrame | None,
    columns: Sequence[str],
    text_column: str | None,
    rules: ComparisonRules,
) -> tuple[list[Slice], list[str]]:
    """Cut the rows that were answered; say which slices are too small to be compared."""
    if not columns:
        return [], []
    if rows is None:
        message = f"need the rows to find {excerpt(columns)} in, but there are none."
        raise ConfigError("No slices.", [Problem("comparison_config.slices", message)])
    parts = cut_slices(align_rows(rows, trained.row_ids), columns, text_column)
    small = [f"{part.column} {part.value} ({len(part.rows)})" for part in parts]
    smallest = rules.smallest_slice
    small = [told for told, part in zip(small, parts, strict=True) if len(part.rows) < smallest]
    free = " (slice_rule is not asked of them)" if rules.slice_rule else ""
    notes = [f"Slices of fewer than {smallest} rows are left out{free}: {', '.join(small)}."]
    return [part for part in parts if len(part.rows) >= smallest], notes if small else []


def _compare_slice(
    part: Slice,
    joined: JoinedPredictions,
    judged: Sequence[WantedMetric],
    bootstrap: Bootstrap,
    margin: float,
    *,
    same_answers: bool,
) -> dict[str, Any]:
    """Compare on some of the rows; intervals alone, no tests."""
    sides = joined.trained, joined.existing
    mine, theirs = (answers_of(side.take(part.rows)) for side in sides)
    found, _, undefined = find_differences(
        mine, theirs, judged, bootstrap.take(part.rows), test=False, same_answers=same_answers
    )
    metrics = {name: _describe_side(one, margin) for name, one in found.items()}
    words = [one["verdict"] for one in metrics.values()]
    word = worst(words) if words and not undefined else "undecided"
    return {
        "column": part.column,
        "value": part.value,
        "rows": len(part.rows),
        "verdict": word,
        "metrics": metrics,
        "undefined": undefined,
    }
