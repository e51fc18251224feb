"""The metrics of both models as rows: numbers, intervals, difference, test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.core.measures import Measure, read_measures
from dsf.report.comparison_rows import comparison_rows, missing_numbers
from dsf.report.sections.directions import less_is_better

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.report.comparison_rows import ComparisonRow
    from dsf.report.run_contents import RunContents

__all__ = ["MetricRow", "metric_rows", "output_rows"]

_UNTESTED = "not tested"


@dataclass(frozen=True)
class MetricRow:
    """One metric.

    Attributes:
        metric: Its name in the results.
        trained: Of the trained model; ``None`` if it has no such number.
        existing: Of the existing model; ``None`` if it has none.
        difference: Trained minus existing.
        less_is_better: Whether the metric is a loss.
        p_value: Chance of such a difference if there were none, corrected for the number of
            metrics; ``None`` if it was not tested.
        test: How it was tested.
        verdict: What the interval of the difference says; empty without one.
        significant: Whether the p-value is below the level that the config names.
        reason: Why there is no number.
        output: Name of the output that it is of; empty if it is of all.
    """

    metric: str
    trained: Measure | None = None
    existing: Measure | None = None
    difference: Measure | None = None
    less_is_better: bool = False
    p_value: float | None = None
    test: str = ""
    verdict: str = ""
    significant: bool = False
    reason: str = ""
    output: str = ""

    @property
    def word(self) -> str:
        """Say what is known of the difference: without an interval and a test, nothing is."""
        if self.difference is None:
            return ""
        if self.difference.ends is None:
            return _UNTESTED if self.p_value is None else ""
        return self.verdict

    @property
    def better(self) -> str | None:
        """The side that is better by more than chance; ``None`` if that is not shown."""
        return {"better": "trained", "worse": "existing"}.get(self.word)


def metric_rows(contents: RunContents) -> list[MetricRow]:
    """List the metrics of a run; compared ones first, then those that only one model has."""
    trained, existing = (read_measures(side) for side in (contents.trained, contents.existing))
    comparison = contents.comparison
    compared = comparison_rows(comparison.get("metrics"))
    found = comparison.get("differences") or {}
    rows = [
        _compared(row, trained, existing, found.get(row.metric) or {}, contents) for row in compared
    ]
    reasons = {
        **((contents.trained or {}).get("undefined") or {}),
        **(comparison.get("undefined") or {}),
        **{
            metric: f"the comparison has no number of the {side} model"
            for metric, side in missing_numbers(comparison.get("metrics")).items()
        },
    }
    there = {row.metric for row in compared}
    rows += [
        MetricRow(
            name,
            trained.get(name),
            existing.get(name),
            less_is_better=less_is_better(contents, name),
            reason=str(reasons.get(name, "")),
        )
        for name in {**trained, **reasons}
        if name not in there
    ]
    return rows


def output_rows(contents: RunContents) -> list[MetricRow]:
    """List the metrics of each output by itself; empty if there is one output."""
    mine = contents.trained.get("outputs") or {}
    theirs = (contents.existing or {}).get("outputs") or {}
    found = contents.comparison.get("outputs") or {}
    return [
        row
        for output, scores in mine.items()
        for row in _output_rows(
            contents,
            output,
            (read_measures(scores), read_measures(theirs.get(output))),
            found.get(output) or {},
        )
    ]


def _output_rows(
    contents: RunContents,
    output: str,
    sides: tuple[Mapping[str, Measure], Mapping[str, Measure]],
    found: Mapping[str, Mapping[str, Any]],
) -> list[MetricRow]:
    """List the metrics of one output; the comparison's own numbers count."""
    trained, existing = sides
    both = {
        name: {"trained": one.value, "eval": existing[name].value}
        for name, one in trained.items()
        if name in existing
    }
    compared = {row.metric: row for row in comparison_rows({**both, **found})}
    rows = []
    for name in dict.fromkeys([*trained, *compared]):
        if name in compared:
            cell = found.get(name) or {}
            rows.append(_compared(compared[name], trained, existing, cell, contents, output))
        else:
            less = less_is_better(contents, name)
            rows.append(MetricRow(name, trained[name], less_is_better=less, output=output))
    return rows


def _compared(
    row: ComparisonRow,
    trained: Mapping[str, Measure],
    existing: Mapping[str, Measure],
    found: Mapping[str, Any],
    contents: RunContents,
    output: str = "",
) -> MetricRow:
    """Put together what is known of one metric; the comparison's own values count."""
    less = bool(found.get("less_is_better")) if found else less_is_better(contents, row.metric)
    return MetricRow(
        metric=row.metric,
        trained=_of(row.trained, trained.get(row.metric)),
        existing=_of(row.existing, existing.get(row.metric)),
        difference=Measure.read(found, "difference") or Measure(row.difference),
        less_is_better=less,
        p_value=found.get("p_holm"),
        test=str(found.get("test") or ""),
        verdict=str(found.get("verdict") or ""),
        significant=bool(found.get("significant")),
        output=output,
    )


def _of(value: float, measured: Measure | None) -> Measure:
    """Take the interval of a model's own results, unless they are of other rows."""
    if measured is not None and abs(measured.value - value) < 1e-9:
        return measured
    return Measure(value)
