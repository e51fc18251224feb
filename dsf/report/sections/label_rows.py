"""The labels one by one: how well both models find each, the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dsf.core.measures import Measure, read_label_measures, read_support
from dsf.report.sections.counts import LabelRow, read_counts, read_label_rows
from dsf.report.wording import FEW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsf.report.run_contents import RunContents

    _Measured = Mapping[str, Mapping[str, Measure]]
    _Counted = Mapping[str, LabelRow]

__all__ = ["LabelGroup", "LabelView", "label_groups"]

_WISHED = ("f1", "f1_macro", "recall", "precision", "tpr", "average_precision", "roc_auc")
"""What labels are scored by, the first that results have."""


class LabelView(NamedTuple):
    """One label.

    Attributes:
        label: Its name.
        trained: Score of the trained model; ``None`` if it has none.
        existing: Score of the existing model; ``None`` if it has none.
        trained_counts: How often it was true and answered, with precision and recall.
        existing_counts: The same of the existing model.
        support: How often it is true; ``None`` if it was not counted.
    """

    label: str
    trained: Measure | None
    existing: Measure | None
    trained_counts: LabelRow | None
    existing_counts: LabelRow | None
    support: int | None

    @property
    def few(self) -> bool:
        """Whether it has an interval, but is true too seldom to trust it, or it has no width."""
        ends = [one.ends for one in (self.trained, self.existing) if one is not None and one.ends]
        seldom = self.support is not None and self.support < FEW
        return any(seldom or lower == upper for lower, upper in ends)


class LabelGroup(NamedTuple):
    """The labels of one output.

    Attributes:
        output: Its name; empty if there is one.
        metric: What the labels are scored by.
        labels: The worst first; those that are never true last.
        noun: What the occurrences of a label are.
    """

    output: str
    metric: str
    labels: Sequence[LabelView]
    noun: str


def label_groups(contents: RunContents) -> list[LabelGroup]:
    """Gather the scores of labels; empty if a run has none."""
    names = (contents.split or {}).get("label_names") or ()
    sides = [contents.trained, contents.existing]
    measured = [_measured_by_output(side) for side in sides]
    counted = [_counted_by_output(side, names) for side in sides]
    outputs = list(dict.fromkeys([*measured[0], *counted[0]]))
    groups = [
        _group(
            output,
            (measured[0].get(output, {}), measured[1].get(output, {})),
            (counted[0].get(output, ({}, "")), counted[1].get(output, ({}, ""))),
            read_support(_of_output(contents.trained, output)),
        )
        for output in outputs
    ]
    return [group for group in groups if group.labels]


def _group(
    output: str,
    measured: tuple[_Measured, _Measured],
    counted: tuple[tuple[_Counted, str], tuple[_Counted, str]],
    support: Mapping[str, int],
) -> LabelGroup:
    """Put together what both models have of the labels of one output."""
    (trained, existing), ((counts, noun), (others, _)) = measured, counted
    metric = next((name for name in [*_WISHED, *trained] if trained.get(name)), "f1")
    mine = trained.get(metric) or _plain_f1(counts)
    theirs = existing.get(metric) or (_plain_f1(others) if metric == "f1" else {})
    views = [
        LabelView(
            name,
            mine.get(name),
            theirs.get(name),
            counts.get(name),
            others.get(name),
            support.get(name, _count_support(counts.get(name) or others.get(name))),
        )
        for name in dict.fromkeys([*counts, *mine])
    ]
    return LabelGroup(output, metric, sorted(views, key=_worst_first), noun)


def _plain_f1(counts: _Counted) -> dict[str, Measure]:
    """Take the F1 from the counts where results have no numbers of labels."""
    return {label: Measure(row.f1) for label, row in counts.items() if row.used}


def _count_support(counts: LabelRow | None) -> int | None:
    return None if counts is None else counts.support


def _of_output(metrics: Mapping[str, Any] | None, output: str) -> Mapping[str, Any] | None:
    return ((metrics or {}).get("outputs") or {}).get(output) if output else metrics


def _worst_first(view: LabelView) -> tuple[bool, float, int]:
    value = view.trained.value if view.trained is not None else 1.0
    return view.support == 0, value, -(view.support or 0)


def _measured_by_output(metrics: Mapping[str, Any] | None) -> dict[str, dict[str, Any]]:
    outputs = (metrics or {}).get("outputs")
    if isinstance(outputs, dict):
        found = {name: read_label_measures(scores) for name, scores in outputs.items()}
    else:
        found = {"": read_label_measures(metrics)}
    return {name: measures for name, measures in found.items() if measures}


def _counted_by_output(
    metrics: Mapping[str, Any] | None, label_names: Any
) -> dict[str, tuple[dict[str, LabelRow], str]]:
    rows, noun = read_label_rows(metrics, label_names)
    if rows:
        return {"": ({row.label: row for row in rows}, noun)}
    return {
        output: ({row.label: row for row in counts.label_rows()}, counts.noun)
        for output, counts in read_counts(metrics, label_names).items()
    }
