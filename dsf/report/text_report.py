"""``report.txt``: the story of the report in plain text, 80 columns wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.decimals import as_decimal, as_difference
from dsf.core.excerpts import count
from dsf.report.numbers import as_p_value, as_title
from dsf.report.run_contents import read_run
from dsf.report.sections import (
    data_view,
    decision_view,
    label_groups,
    metric_rows,
    nominal_percent,
    output_rows,
    slice_rows,
    verdict_view,
)
from dsf.report.templating import write_page
from dsf.report.text_table import WIDTH, fill, one_line, text_table
from dsf.report.wording import FEW_TIMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from dsf.core.measures import Measure
    from dsf.report.run_contents import RunContents
    from dsf.report.sections.label_rows import LabelGroup, LabelView
    from dsf.report.sections.metric_rows import MetricRow
    from dsf.report.sections.slice_rows import SliceRow

__all__ = ["write_text_report"]

_LABELS_SHOWN = 10
_FEW = "*"
"""Behind the number of times that a label is true, if they are too few for its interval."""
_LESS = "(-)"
"""Behind the name of a metric of which less is better."""


def write_text_report(run_dir: Path, out: Path, comparison: Path | None = None) -> Path:
    """Write the report of a run as text for the terminal: verdict, metrics, labels, slices.

    Args:
        run_dir: The run, tested at least.
        out: The file to write, whole or not at all.
        comparison: The ``comparison.json`` to use; ``None``: the run's own.

    Returns:
        ``out``.

    Raises:
        RunNotFoundError: If ``run.json`` or ``3_test/metrics.json`` is missing; names all missing.
        RunError: If a file of the run cannot be read, or is not as it must be; names it and the
            keys.
        StorageError: If the disk is full, read-only or not ours.
    """
    contents = read_run(run_dir, comparison, answers=False)
    text = "\n\n".join(part for part in _parts(contents) if part) + "\n"
    return write_page(out, text)


def _parts(contents: RunContents) -> Iterable[str]:
    rows = metric_rows(contents)
    percent = nominal_percent(
        contents.comparison.get("bootstrap"), contents.trained.get("bootstrap")
    )
    within = f" (intervals of {percent})" if percent else ""
    yield _head(contents)
    yield _verdict(contents, rows)
    yield _section(f"METRICS{within}", _metrics(rows))
    yield _section(f"OUTPUTS{within}", _metrics(output_rows(contents)))
    yield _section(f"SLICES{within}", _slices(slice_rows(contents.comparison)))
    for group in label_groups(contents):
        of = f" OF {group.output}" if group.output else ""
        shown = min(_LABELS_SHOWN, len(group.labels))
        title = f"LABELS{of}: THE WORST {shown} OF {len(group.labels)} BY {as_title(group.metric)}"
        yield _section(title + within, _labels(group))
    yield _section("SETTLED ON VALIDATION ROWS", _settled(contents))
    yield _section("DATA", _data(contents))


def _head(contents: RunContents) -> str:
    record = contents.record
    name = fill(f"{record.project or 'Run'} {contents.version}")
    started = record.created.replace("T", " ").replace("+00:00", " UTC")
    return f"{name}\nstarted {started}, seed {record.seed}"


def _verdict(contents: RunContents, rows: Sequence[MetricRow]) -> str:
    verdict = verdict_view(contents, rows)
    if verdict is None:
        return ""
    first = f"{verdict.reason or verdict.sentence} {verdict.rule}".strip()
    said = [first, verdict.covers, *verdict.notes]
    title = f"VERDICT: {verdict.word.upper()}" if verdict.word else ""
    return "\n".join([title] * bool(title) + [fill(text) for text in said if text])


def _section(title: str, lines: Sequence[str]) -> str:
    told = fill(title)
    return "\n".join([told, "-" * min(WIDTH, len(told)), *lines]) if lines else ""


def _metrics(rows: Sequence[MetricRow]) -> list[str]:
    lines = _compared(rows) if any(row.existing for row in rows) else _alone(rows)
    if any(row.less_is_better for row in rows):
        lines.append(f"{_LESS} less is better")
    return lines + [_why(row.metric, row.reason) for row in rows if row.reason]


def _why(name: str, reason: str) -> str:
    return fill(f"No {name}: {reason.rstrip('.')}.", "  ")


def _alone(rows: Sequence[MetricRow]) -> list[str]:
    cells = [(_name(row), _value(row.trained), _ends(row.trained)) for row in rows]
    return text_table(("metric", "trained", ""), cells)


def _compared(rows: Sequence[MetricRow]) -> list[str]:
    return text_table(
        ("metric", "trained", "existing", "diff", "", "p", ""),
        [
            (
                _name(row),
                _value(row.trained),
                _value(row.existing),
                _difference(row.difference),
                _ends(row.difference, signed=True),
                as_p_value(row.p_value).replace(" ", ""),
                row.word,
            )
            for row in rows
        ],
    )


def _name(row: MetricRow) -> str:
    name = f"{row.output}: {row.metric}" if row.output else row.metric
    return f"{name} {_LESS}" if row.less_is_better else name


def _slices(rows: Sequence[SliceRow]) -> list[str]:
    """Lay out the slices, those of one column under its name."""
    several = len({row.metric for row in rows}) > 1
    head = ("slice", "rows", "trained", "existing", "diff", "", "")
    cells: list[tuple[str, ...]] = []
    for row in rows:
        heading = (f"{row.column}:", *[""] * (len(head) - 1))
        if heading not in cells:
            cells.append(heading)
        cells.append(
            (
                f"  {one_line(row.value)}" + (f", {row.metric}" if several else ""),
                str(row.rows),
                _value(row.trained),
                _value(row.existing),
                _difference(row.difference),
                _ends(row.difference, signed=True),
                row.word,
            )
        )
    reasons = [_why(f"{row.metric} of {row.value}", row.reason) for row in rows if row.reason]
    return text_table(head, cells) + reasons


def _labels(group: LabelGroup) -> list[str]:
    shown = group.labels[:_LABELS_SHOWN]
    marked = any(label.few for label in shown)
    lines = text_table(
        ("label", "true", "trained", "", "existing", ""),
        [
            (
                one_line(label.label),
                _support(label, marked),
                _value(label.trained),
                _ends(label.trained),
                _value(label.existing),
                _ends(label.existing),
            )
            for label in shown
        ],
    )
    return [*lines, fill(f"{_FEW} {FEW_TIMES}")] if marked else lines


def _support(label: LabelView, marked: bool) -> str:
    """Write how often a label is true, with its mark, or the room for one if others have it."""
    if label.support is None:
        return ""
    mark = f" {_FEW if label.few else ' '}" if marked else ""
    return f"{label.support}{mark}"


def _settled(contents: RunContents) -> list[str]:
    """Tell thresholds, calibration and abstaining; doubtful labels by their number alone."""
    found = decision_view(contents)
    if found is None:
        return []
    lines = [fill(sentence) for sentence in found["sentences"]]
    if found["doubtful_total"]:
        labels = count(found["doubtful_total"], "label")
        verb = "looks" if found["doubtful_total"] == 1 else "look"
        told = f"{labels} of validation rows {verb} doubtful: 2_fit/noisy_labels.csv."
        lines.append(fill(told))
    return lines


def _data(contents: RunContents) -> list[str]:
    data = data_view(contents.split)
    if data is None:
        return []
    told = ", ".join(f"{number} {part}" for part, number in data["rows"].items())
    lines = [fill(f"{data['total']} rows: {told}.")]
    audit = data["audit"]
    if audit:
        lines.append(fill(f"{audit['summary']} {audit['done']}".strip()))
        lines += [
            fill(
                f"{count(one['count'], 'row')} of {one['later']} ({one['share']}) "
                f"{'has' if one['count'] == 1 else 'have'} {one['what']} as rows of "
                f"{one['earlier']}."
            )
            for one in audit["findings"]
        ]
    return lines


def _value(measure: Measure | None) -> str:
    return "-" if measure is None else as_decimal(measure.value)


def _difference(measure: Measure | None) -> str:
    return "" if measure is None else as_difference(measure.value)


def _ends(measure: Measure | None, *, signed: bool = False) -> str:
    """Write both ends with three decimals: four would not leave room for the names."""
    if measure is None or measure.ends is None:
        return ""
    lower, upper = (round(end, 3) + 0.0 for end in measure.ends)
    return f"{lower:+.3f}..{upper:+.3f}" if signed else f"{lower:.3f}..{upper:.3f}"
