"""The metrics of both models as rows: numbers, intervals, difference, test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.report.comparison_rows import comparison_rows, is_loss
from dsf.report.sections.measures import Measure, read_measures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.report.comparison_rows import ComparisonRow
    from dsf.report.run_contents import RunContents

__all__ = ["MetricRow", "metric_rows", "output_rows"]


@dataclass(frozen=True)
class MetricRow:
    """One metric.

    Attributes:
        metric: Its name in the results.
        trained: Of the trained model; ``None`` if it has no such number.
        existing: Of the existing model; ``None`` if it has none.
        difference: Trained minus existing.
        better: The better side; ``None`` if both agree to four decimals or cannot be ordered.
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
    better: str | None = None
    less_is_better: bool = False
    p_value: float | None = None
    test: str = ""
    verdict: str = ""
    significant: bool = False
    reason: str = ""
    output: str = ""

    @property
    def word(self) -> str:
        """Say which way the difference goes, for those who do not see the colours."""
        if self.difference is None:
            return ""
        return self.verdict or {"trained": "better", "existing": "worse"}.get(
            self.better or "", "equal"
        )


def metric_rows(contents: RunContents) -> list[MetricRow]:
    """List the metrics of a run; compared ones first, then those that only one model has."""
    trained, existing = (read_measures(side) for side in (contents.trained, contents.existing))
    comparison = contents.comparison
    compared = {row.metric: row for row in comparison_rows(comparison.get("metrics"))}
    found = comparison.get("differences") or {}
    rows = [
        _compared(row, trained.get(name), existing.get(name), found.get(name) or {})
        for name, row in compared.items()
    ]
    reasons = {
        **((contents.trained or {}).get("undefined") or {}),
        **(comparison.get("undefined") or {}),
    }
    alone = [name for name in {**trained, **reasons} if name not in compared]
    rows += [
        MetricRow(
            name,
            trained.get(name),
            existing.get(name),
            less_is_better=is_loss(name),
            reason=str(reasons.get(name, "")),
        )
        for name in alone
    ]
    return rows


def output_rows(contents: RunContents) -> list[MetricRow]:
    """List the metrics of each output by itself; empty if there is one output."""
    mine = contents.trained.get("outputs")
    theirs = (contents.existing or {}).get("outputs") or {}
    if not isinstance(mine, dict):
        return []
    rows = []
    for output, scores in mine.items():
        trained, existing = read_measures(scores), read_measures(theirs.get(output))
        both = {
            name: {"trained": one.value, "eval": existing[name].value}
            for name, one in trained.items()
            if name in existing
        }
        compared = {row.metric: row for row in comparison_rows(both)}
        for name, one in trained.items():
            if name in compared:
                rows.append(_compared(compared[name], one, existing[name], {}, output))
            else:
                rows.append(MetricRow(name, one, less_is_better=is_loss(name), output=output))
    return rows


def _compared(
    row: ComparisonRow,
    trained: Measure | None,
    existing: Measure | None,
    found: Mapping[str, Any],
    output: str = "",
) -> MetricRow:
    """Put together what is known of one metric; the comparison's own values count."""
    return MetricRow(
        metric=row.metric,
        trained=_of(row.trained, trained),
        existing=_of(row.existing, existing),
        difference=Measure.read(found, "difference") or Measure(row.difference),
        better=_better(row, less_is_better=bool(found.get("less_is_better"))),
        less_is_better=bool(found.get("less_is_better")) or is_loss(row.metric),
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


def _better(row: ComparisonRow, *, less_is_better: bool) -> str | None:
    """Say which side is better; the comparison knows of more losses than a name tells."""
    if row.better is None or not less_is_better or is_loss(row.metric):
        return row.better
    return {"trained": "existing", "existing": "trained"}[row.better]
