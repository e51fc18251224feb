"""What a comparison comes to, in the words that a person reads first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.core.decimals import as_decimal
from dsf.report.numbers import as_words
from dsf.report.sections.counts import read_label_rows
from dsf.report.sections.measures import nominal_percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.report.run_contents import RunContents
    from dsf.report.sections.metric_rows import MetricRow

__all__ = ["VerdictView", "verdict_view"]

_SENTENCES = {
    "better": "The trained model is better than the existing one.",
    "not worse": "The trained model is not worse than the existing one by more than {margin}.",
    "undecided": "These rows do not tell which of the two models is better.",
    "worse": "The trained model is worse than the existing one.",
}
_SIGNS = {"better": "▲", "not worse": "≈", "undecided": "?", "worse": "▼"}


@dataclass(frozen=True)
class VerdictView:
    """The top of a report.

    Attributes:
        word: ``better``, ``not worse``, ``undecided`` or ``worse``; empty without a verdict.
        sign: The word as a sign, so that colour is not all that tells them apart.
        sentence: What the word means.
        reason: What it was read from.
        covers: What it can be relied on for.
        rule: What had to be shown, and whether it was.
        margin: How much worse is still not worse, in units of the metric.
        rows: The metrics that it is about; without a verdict, the main one of the task.
        percent: How much the intervals are meant to cover.
        notes: What had to be done to compare the models, or why they are not compared.
    """

    word: str
    sign: str
    sentence: str
    reason: str
    covers: str
    rule: str
    margin: float
    rows: Sequence[MetricRow]
    percent: str
    notes: Sequence[str]


def verdict_view(contents: RunContents, rows: Sequence[MetricRow]) -> VerdictView | None:
    """Choose what stands on top; ``None`` if there is no number at all.

    Args:
        contents: The run.
        rows: Its metrics.
    """
    comparison = contents.comparison
    found = comparison.get("verdict") or {}
    word = str(found.get("verdict") or "")
    margin = float(found.get("margin") or 0.0)
    by_name = {row.metric: row for row in rows}
    judged = [by_name[name] for name in found.get("metrics") or () if name in by_name]
    shown = judged or _main(contents, rows)
    if not shown and not word:
        return None
    compared = any(row.difference for row in shown)
    sentence = _SENTENCES.get(word, "").format(margin=f"{margin:g}")
    return VerdictView(
        word=word,
        sign=_SIGNS.get(word, ""),
        sentence=sentence or _untested(shown[0]) if compared or word else "",
        reason=str(found.get("reason") or ""),
        covers=str(comparison.get("covers") or ""),
        rule=_rule(found),
        margin=margin,
        rows=shown,
        percent=nominal_percent(comparison.get("bootstrap"), contents.trained.get("bootstrap")),
        notes=[*contents.remarks, *(comparison.get("notes") or ())],
    )


def _main(contents: RunContents, rows: Sequence[MetricRow]) -> list[MetricRow]:
    """Choose one metric: the accuracy, or else the first that there is.

    Where most labels of a row, or most tokens, are none, the accuracy says little: there the F1.
    """
    names = (contents.split or {}).get("label_names") or ()
    labels, _ = read_label_rows(contents.trained, names)
    there = {row.metric: row for row in rows if row.trained is not None}
    wished = ["f1" if labels else "accuracy", "accuracy", *there]
    return [there[name] for name in wished if name in there][:1]


def _untested(row: MetricRow) -> str:
    """Say how far the models are apart where no test was made."""
    metric, gap = as_words(row.metric), row.difference
    if gap is None or not round(gap.value, 4):
        said = f"Both models agree in {metric} to four decimals."
    else:
        side = "above" if gap.value > 0 else "below"
        apart = as_decimal(abs(gap.value))
        said = f"In {metric}, the trained model is {apart} {side} the existing one."
    return f"{said} Whether the difference is more than chance was not tested."


def _rule(found: dict[str, Any]) -> str:
    rule = str(found.get("rule") or "").replace("_", "-").replace("non-inferiority", "not worse")
    if not rule or "passed" not in found:
        return ""
    asked = {"superiority": "better"}.get(rule, rule)
    done = "and it is" if found["passed"] else "and that is not shown"
    return f"It had to be {asked} to pass, {done}."
