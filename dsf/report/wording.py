"""Results in words: what a picture shows for those who cannot see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.report.sections.counts import Counts

__all__ = [
    "FEW",
    "FEW_TIMES",
    "describe_accuracy",
    "describe_counts",
    "describe_history",
]

FEW = 20
"""Times; the interval of a label that is true less often is not to be trusted.

docs/guide/intervals.md shows how far it is off.
"""
FEW_TIMES = f"True fewer than {FEW} times, or an interval without width: it rests on luck."
"""What the mark of such a label means."""


def describe_counts(counts: Counts) -> str:
    """Say what a confusion matrix shows."""
    said = f"{counts.right} of {counts.rows} {counts.noun} right, {len(counts.labels)} labels."
    errors = counts.errors()
    if errors:
        (true, answered), count = max(errors.items(), key=lambda error: error[1])
        times = "once" if count == 1 else f"{count} times"
        said += f" Most frequent error: {true} taken for {answered}, {times}."
    return said


def describe_accuracy(metrics: Mapping[str, Any], noun: str) -> str:
    """Say what the accuracy is the share of, where that is not plain; else nothing.

    Args:
        metrics: The content of ``metrics.json``.
        noun: What the labels are of: ``labels`` or ``entities``; empty if rows have one label.
    """
    if "accuracy" not in metrics:
        return ""
    if "outputs" in metrics:
        said = "rows that are right in every output; the other scores are means over the outputs"
    else:
        said = {
            "labels": "rows that got exactly their labels",
            "entities": "tokens that got their tag; the other scores are of whole entities",
        }.get(noun, "")
    return f"The accuracy is the share of the {said}." if said else ""


def describe_history(epochs: int, best: dict[str, Any] | None) -> str:
    """Say what a learning curve shows; epochs count from 0, as in ``history.csv``.

    Args:
        epochs: How many there are; 0 if not known.
        best: ``{"epoch", "monitor", "score"}`` as in ``fit.json``.
    """
    said = ""
    if epochs:
        said = "1 epoch, number 0." if epochs == 1 else f"{epochs} epochs, 0 to {epochs - 1}."
    if best:
        said += f" Best: epoch {best['epoch']}, with {best['monitor']} {best['score']:.4f}."
    return said.strip()
