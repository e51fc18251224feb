"""What the report shows of the answers of both models: outputs, matrices, labels."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from dsf.report.comparison_rows import comparison_rows
from dsf.report.counts import read_counts, read_label_rows
from dsf.report.inline_svg import inline_svg
from dsf.report.wording import describe_counts, describe_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsf.report.comparison_rows import ComparisonRow
    from dsf.report.run_contents import RunContents

__all__ = ["figure_view", "label_views", "matrix_views", "output_views"]

_SIDES = {"trained": "Trained model", "existing": "Existing model"}
_MATRIX_UP_TO = 60
"""Labels; the counts of more stay in their file."""

_BESIDE_UP_TO = 12
"""Labels; larger confusion matrices stand below each other."""

_logger = logging.getLogger(__name__)


def output_views(contents: RunContents) -> list[dict[str, Any]]:
    """List the numbers of each output of each model: name, trained, row of the comparison."""
    sides = {side: (metrics or {}).get("outputs") for side, metrics in _metrics(contents)}
    trained, existing = sides["trained"], sides["existing"] or {}
    if not isinstance(trained, dict):
        return []
    return [
        {"output": output, "metric": metric, "trained": value, "row": row}
        for output, scores in trained.items()
        for metric, value, row in _pairs(scores, existing.get(output) or {})
    ]


def _pairs(
    trained: dict[str, Any], existing: dict[str, Any]
) -> Iterator[tuple[str, float, ComparisonRow | None]]:
    both = {m: {"trained": trained[m], "eval": existing[m]} for m in trained if m in existing}
    rows = {row.metric: row for row in comparison_rows(both)}
    for metric, value in trained.items():
        if isinstance(value, int | float):
            yield metric, value, rows.get(metric)


def matrix_views(contents: RunContents) -> list[dict[str, Any]]:
    """Gather the confusion matrices, those of one output together."""
    label_names = (contents.split or {}).get("label_names") or ()
    groups: dict[str, list[dict[str, Any]]] = {}
    for side, metrics in _metrics(contents):
        for number, (output, counts) in enumerate(read_counts(metrics, label_names).items(), 1):
            title = f"{output}: {_SIDES[side].lower()}" if output else _SIDES[side]
            summary = describe_counts(counts)
            of_output = f" for {output}" if output else ""
            label = f"Confusion matrix of the {_SIDES[side].lower()}{of_output}. {summary}"
            view = {
                "title": title,
                "wide": len(counts.labels) > _BESIDE_UP_TO,
                "summary": summary,
                "figure": figure_view(contents, f"{side}-{number}" if output else side, label),
                "counts": counts if len(counts.labels) <= _MATRIX_UP_TO else None,
            }
            groups.setdefault(output, []).append(view)
    return [
        {"wide": any(view["wide"] for view in views), "matrices": views}
        for views in groups.values()
    ]


def label_views(contents: RunContents) -> list[dict[str, Any]]:
    """Gather the scores of each label of each model, where a row has several or entities."""
    label_names = (contents.split or {}).get("label_names") or ()
    views = []
    for side, metrics in _metrics(contents):
        rows, noun = read_label_rows(metrics, label_names)
        name = f"{side}-labels"
        if not rows and name not in contents.figures:
            continue
        summary = describe_labels(rows, noun) if rows else ""
        label = f"Scores of each label of the {_SIDES[side].lower()}. {summary}"
        views.append(
            {
                "title": _SIDES[side],
                "summary": summary,
                "figure": figure_view(contents, name, label),
                "rows": rows,
            }
        )
    return views


def figure_view(contents: RunContents, name: str, label: str) -> Any:
    """Give a picture as a part of the page, or ``None`` if the run has none that can be read."""
    from markupsafe import Markup

    if name not in contents.figures:
        return None
    try:
        return Markup(inline_svg(contents.figures[name], name=name, label=label.strip()))
    except ValueError as error:
        _logger.warning("The report leaves out the picture %r: %s.", name, error)
        return None


def _metrics(contents: RunContents) -> list[tuple[str, dict[str, Any] | None]]:
    return [("trained", contents.trained), ("existing", contents.existing)]
