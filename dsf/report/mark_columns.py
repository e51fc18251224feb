"""Rows of tables with their small pictures: all rows of a table on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.decimals import as_decimal
from dsf.core.measures import Measure
from dsf.report.marks import Scale, axis_mark, difference_mark, scale_of, values_mark
from dsf.report.numbers import as_ends, as_signed, as_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.report.sections.label_rows import LabelGroup
    from dsf.report.sections.metric_rows import MetricRow
    from dsf.report.sections.slice_rows import SliceRow
    from dsf.report.sections.verdict_view import VerdictView

__all__ = ["label_marks", "metric_marks", "slice_marks", "verdict_marks"]

_LABELS_SHOWN = 15
"""Labels with a picture; the rest stands in a table."""


def metric_marks(rows: Sequence[MetricRow]) -> dict[str, Any] | None:
    """Give metrics with the pictures of their values and of their differences.

    The scales are those of the metrics of which more is better. A loss is drawn where it has room:
    it would push all others into a corner.
    """
    if not rows:
        return None
    leading = [row for row in rows if not row.less_is_better] or rows
    values = [one for row in leading for one in (row.trained, row.existing)]
    scale = scale_of(filter(_is_share, values), limits=(-1, 1), zero=False)
    drawn = [row.difference for row in leading if _has_ends(row.difference)]
    gaps = scale_of(filter(_is_share, drawn), zero=True)
    return {
        "compared": any(row.existing for row in rows),
        "differences": any(row.difference for row in rows),
        "judged": any(_has_ends(row.difference) for row in rows),
        "tested": any(row.p_value is not None for row in rows),
        "axis": axis_mark(scale) if scale else None,
        "gap_axis": axis_mark(gaps, signed=True) if gaps else None,
        "rows": [
            {
                "row": row,
                "values": _values(scale, row.trained, row.existing, row.metric),
                "gap": _gap(gaps, row.difference, row.word, row.metric),
            }
            for row in rows
        ],
    }


def verdict_marks(verdict: VerdictView) -> list[dict[str, Any]]:
    """Give the metrics of a verdict with a large picture of their differences."""
    marks = []
    for row in verdict.rows:
        margin = verdict.margin if row.less_is_better else -verdict.margin
        gaps = scale_of([row.difference, Measure(2 * margin), Measure(-2 * margin)], zero=True)
        gap = _gap(gaps, row.difference, row.word, row.metric, margin)
        marks.append(
            {"row": row, "gap": gap, "axis": axis_mark(gaps, signed=True) if gaps and gap else None}
        )
    return marks


def slice_marks(rows: Sequence[SliceRow], margin: float) -> dict[str, Any] | None:
    """Give slices with the pictures of their differences."""
    if not rows:
        return None
    gaps = scale_of([row.difference for row in rows], zero=True)
    marks = [
        {
            "row": row,
            "gap": _gap(
                gaps,
                row.difference,
                row.word,
                f"{row.metric}, {row.column} {row.value}",
                margin if row.less_is_better else -margin,
            ),
        }
        for row in rows
    ]
    columns: dict[str, list[dict[str, Any]]] = {}
    for row, mark in zip(rows, marks, strict=True):
        columns.setdefault(row.column, []).append(mark)
    return {
        "axis": axis_mark(gaps, signed=True) if gaps else None,
        "columns": columns,
        "metrics": list(dict.fromkeys(row.metric for row in rows)),
    }


def label_marks(group: LabelGroup) -> dict[str, Any]:
    """Give the labels of one output, the worst of them with pictures."""
    shown = group.labels[:_LABELS_SHOWN]
    everything = [one for label in shown for one in (label.trained, label.existing)]
    scale = scale_of(everything, limits=(0, 1), zero=False)
    return {
        "group": group,
        "compared": any(label.existing for label in group.labels),
        "counted": any(label.trained_counts for label in group.labels),
        "supported": any(label.support is not None for label in group.labels),
        "few": any(label.few for label in shown),
        "axis": axis_mark(scale) if scale else None,
        "rows": [
            {
                "label": label,
                "values": _values(scale, label.trained, label.existing, label.label),
            }
            for label in shown
        ],
    }


def _values(
    scale: Scale | None, trained: Measure | None, existing: Measure | None, name: str
) -> Any:
    """Draw values; ``None`` unless there is room for both models: one alone would mislead."""
    there = [one for one in (trained, existing) if one is not None]
    if scale is None or not there or not all(scale.fits(one) for one in there):
        return None
    told = [
        f"{side} {as_decimal(one.value)}" + (f" ({as_ends(one)})" if one.ends else "")
        for side, one in (("trained", trained), ("existing", existing))
        if one is not None
    ]
    return values_mark(scale, trained, existing, f"{as_words(name)}: {', '.join(told)}")


def _gap(
    scale: Scale | None, gap: Measure | None, word: str, name: str, margin: float = 0.0
) -> Any:
    """Draw a difference; ``None`` without its interval: alone it does not say whether it counts."""
    if scale is None or gap is None or not _has_ends(gap) or not scale.fits(gap):
        return None
    ends = as_ends(gap, signed=True)
    label = f"{as_words(name)}: difference {as_signed(gap.value)}, from {ends}"
    return difference_mark(scale, gap, word, label, margin)


def _is_share(measure: Measure | None) -> bool:
    """Whether a number is one of those that lie between -1 and 1."""
    return measure is not None and abs(measure.value) <= 1


def _has_ends(measure: Measure | None) -> bool:
    return measure is not None and measure.ends is not None
