"""Results in words: durations, and what a picture shows for those who cannot see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Counts", "describe_counts", "describe_history", "duration", "read_counts"]


@dataclass(frozen=True)
class Counts:
    """A confusion matrix with the names of its labels.

    Attributes:
        labels: In the order of the matrix.
        matrix: Truth in rows, answers in columns. Shape: ``(labels, labels)``.
    """

    labels: Sequence[str]
    matrix: Sequence[Sequence[int]]

    @property
    def rows(self) -> int:
        """How many rows were answered."""
        return sum(sum(row) for row in self.matrix)

    @property
    def right(self) -> int:
        """How many rows got their true label."""
        return sum(row[place] for place, row in enumerate(self.matrix))


def read_counts(metrics: dict[str, Any] | None, label_names: Sequence[Any]) -> Counts | None:
    """Take the confusion matrix out of ``metrics.json``; ``None`` if there is none.

    Args:
        metrics: The content of ``metrics.json``.
        label_names: Names of all labels, since the four counts of two labels do not name them.
    """
    found = (metrics or {}).get("confusion_matrix")
    if not isinstance(found, dict):
        return None
    if {"labels", "matrix"} <= found.keys():
        return Counts([str(label) for label in found["labels"]], found["matrix"])
    if {"tp", "tn", "fp", "fn"} <= found.keys():
        names = [str(name) for name in label_names]
        return Counts(
            names if len(names) == 2 else ["negative", "positive"],
            [[found["tn"], found["fp"]], [found["fn"], found["tp"]]],
        )
    return None


def describe_counts(counts: Counts) -> str:
    """Say what a confusion matrix shows."""
    said = f"{counts.right} of {counts.rows} rows right, {len(counts.labels)} labels."
    errors = [
        (count, true, answered)
        for true, row in enumerate(counts.matrix)
        for answered, count in enumerate(row)
        if true != answered and count
    ]
    if errors:
        count, true, answered = max(errors, key=lambda error: error[0])
        times = "once" if count == 1 else f"{count} times"
        said += f" Most frequent error: {counts.labels[true]} taken for "
        said += f"{counts.labels[answered]}, {times}."
    return said


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


def duration(seconds: float) -> str:
    """Write a duration as people do: ``0.4 s``, ``3 min 05 s``, ``2 h 04 min``."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"
