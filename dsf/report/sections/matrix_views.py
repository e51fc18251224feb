"""The confusion matrices of both models, and the counts of each label against all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.report.sections.counts import read_counts, read_label_rows
from dsf.report.sections.pictures import figure_view
from dsf.report.wording import describe_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.report.run_contents import RunContents
    from dsf.report.sections.counts import LabelRow

__all__ = ["matrix_views"]

_SIDES = {"trained": "Trained model", "existing": "Existing model"}
_TABLE_UP_TO = 60
"""Labels; the counts of more stay in their file."""

_BESIDE_UP_TO = 12
"""Labels; larger confusion matrices stand below each other, after the pairs that are confused."""
_OPEN_UP_TO = 40
"""Labels; larger confusion matrices are folded."""
_PAIRS = 10


def matrix_views(contents: RunContents) -> list[dict[str, Any]]:
    """Gather the confusion matrices, those of one output together."""
    label_names = (contents.split or {}).get("label_names") or ()
    groups: dict[str, list[dict[str, Any]]] = {}
    for side, metrics in (("trained", contents.trained), ("existing", contents.existing)):
        for number, (output, counts) in enumerate(read_counts(metrics, label_names).items(), 1):
            title = f"{output}: {_SIDES[side].lower()}" if output else _SIDES[side]
            summary = describe_counts(counts)
            of_output = f" for {output}" if output else ""
            label = f"Confusion matrix of the {_SIDES[side].lower()}{of_output}. {summary}"
            view = {
                "title": title,
                "size": len(counts.labels),
                "wide": len(counts.labels) > _BESIDE_UP_TO,
                "summary": summary,
                "figure": figure_view(contents, f"{side}-{number}" if output else side, label),
                "counts": counts if len(counts.labels) <= _TABLE_UP_TO else None,
            }
            groups.setdefault(output, []).append(view)
    found = [
        {
            "output": output,
            "wide": any(view["wide"] for view in views),
            "folded": any(view["size"] > _OPEN_UP_TO for view in views),
            "matrices": views,
            "pairs": _pairs(contents, output) if any(view["wide"] for view in views) else [],
            "labels": _of_labels(contents, output),
            "noun": "rows",
        }
        for output, views in groups.items()
    ]
    return found or _without_matrices(contents)


def _without_matrices(contents: RunContents) -> list[dict[str, Any]]:
    """Give the counts of each label where they are no matrix: several labels a row, entities."""
    label_names = (contents.split or {}).get("label_names") or ()
    mine, noun = read_label_rows(contents.trained, label_names)
    theirs, _ = read_label_rows(contents.existing, label_names)
    labels = _pair_labels(mine, theirs)
    if not labels:
        return []
    return [{"output": "", "matrices": [], "pairs": [], "labels": labels, "noun": noun}]


def _of_labels(contents: RunContents, output: str) -> dict[str, Any] | None:
    """Count each label against all others; two labels are each other's others."""
    label_names = (contents.split or {}).get("label_names") or ()
    sides = [
        read_counts(metrics, label_names).get(output)
        for metrics in (contents.trained, contents.existing)
    ]
    mine, theirs = ([] if side is None else side.label_rows() for side in sides)
    return _pair_labels(mine, theirs) if len(mine) > 2 else None


def _pair_labels(mine: Sequence[LabelRow], theirs: Sequence[LabelRow]) -> dict[str, Any] | None:
    """Put the counts of both models side by side; ``None`` without any of the trained one."""
    if not mine:
        return None
    others = {row.label: row for row in theirs}
    return {
        "rows": [(row, others.get(row.label)) for row in mine],
        "compared": bool(others),
        "rejected": any(row.neither is not None for row in mine),
    }


def _pairs(contents: RunContents, output: str) -> list[dict[str, Any]]:
    """List the labels that the trained model confuses most, with the same of the existing one."""
    label_names = (contents.split or {}).get("label_names") or ()
    mine = read_counts(contents.trained, label_names).get(output)
    theirs = read_counts(contents.existing, label_names).get(output)
    if mine is None:
        return []
    others = theirs.errors() if theirs else {}
    most = sorted(mine.errors().items(), key=lambda pair: -pair[1])[:_PAIRS]
    return [
        {
            "true": true,
            "answered": answered,
            "trained": count,
            "existing": others.get((true, answered), 0) if theirs else None,
        }
        for (true, answered), count in most
    ]
