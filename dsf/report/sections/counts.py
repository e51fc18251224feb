"""What ``metrics.json`` counts: confusion matrices, and hits and misses of each label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Counts", "LabelRow", "read_counts", "read_label_rows"]

_MATRIX = "confusion_matrix"
_FOUR = frozenset({"tp", "tn", "fp", "fn"})


@dataclass(frozen=True)
class Counts:
    """A confusion matrix with the names of its labels.

    Attributes:
        labels: In the order of the matrix.
        matrix: Truth in rows, answers in columns. Shape: ``(labels, labels)``.
        noun: What is counted.
    """

    labels: Sequence[str]
    matrix: Sequence[Sequence[int]]
    noun: str = "rows"

    @property
    def rows(self) -> int:
        """How many rows, or tokens, were answered."""
        return sum(sum(row) for row in self.matrix)

    @property
    def right(self) -> int:
        """How many of them got their true label."""
        return sum(row[place] for place, row in enumerate(self.matrix))

    def errors(self) -> dict[tuple[str, str], int]:
        """Give true and answered label → how often the one was taken for the other."""
        return {
            (self.labels[true], self.labels[answered]): count
            for true, row in enumerate(self.matrix)
            for answered, count in enumerate(row)
            if count and true != answered
        }

    def label_rows(self) -> list[LabelRow]:
        """Count each label by itself."""
        answered = [sum(column) for column in zip(*self.matrix, strict=True)]
        return [
            _score_label(label, row[place], sum(row), answered[place], self.rows)
            for place, (label, row) in enumerate(zip(self.labels, self.matrix, strict=True))
        ]


@dataclass(frozen=True)
class LabelRow:
    """How well one of several labels was found.

    Attributes:
        label: Its name.
        support: How often it is true.
        answered: How often it was answered.
        hits: How often both.
        neither: How often neither; ``None`` of entities: where there is none, none is counted.
        precision: Share of the answers that are right; 0 without answers.
        recall: Share of what is true that was answered; 0 if it is never true.
        f1: Harmonic mean of both.
    """

    label: str
    support: int
    answered: int
    hits: int
    neither: int | None
    precision: float
    recall: float
    f1: float

    @property
    def used(self) -> bool:
        """Whether it is true or answered anywhere; else its scores mean nothing."""
        return self.support + self.answered > 0


def read_counts(metrics: Mapping[str, Any] | None, label_names: Any) -> dict[str, Counts]:
    """Take the confusion matrices out of ``metrics.json``.

    Args:
        metrics: The content of ``metrics.json``.
        label_names: Names of all labels, since the four counts of two labels do not name them;
            output → names if there are several outputs.

    Returns:
        Output → its matrix, or ``""`` → the matrix if there is one output; empty without any.
    """
    found = (metrics or {}).get(_MATRIX)
    if not isinstance(found, Mapping):
        return {}
    single = _read_matrix(found, label_names)
    if single is not None:
        return {"": single}
    by_output = label_names if isinstance(label_names, Mapping) else {}
    if not by_output and "outputs" not in (metrics or {}):
        return {}
    matrices = {
        str(output): _read_matrix(matrix, by_output.get(output, ()))
        for output, matrix in found.items()
    }
    return {output: counts for output, counts in matrices.items() if counts is not None}


def read_label_rows(
    metrics: Mapping[str, Any] | None, label_names: Any
) -> tuple[list[LabelRow], str]:
    """Take the counts of each label out of ``metrics.json``, where they are no matrix.

    Args:
        metrics: The content of ``metrics.json``.
        label_names: As for :func:`read_counts`.

    Returns:
        The labels, those that are true most often first, and what each occurrence is. Empty if
        rows have one label.
    """
    found = (metrics or {}).get(_MATRIX)
    if not isinstance(found, Mapping) or read_counts(metrics, label_names):
        return [], ""
    each = {label: counts for label, counts in found.items() if isinstance(counts, Mapping)}
    if len(each) < len(found) or not all({"tp", "fp", "fn"} <= set(c) for c in each.values()):
        return [], ""
    rows = [_label_row(str(label), counts) for label, counts in each.items()]
    noun = "labels" if any("tn" in counts for counts in each.values()) else "entities"
    return sorted(rows, key=lambda row: -row.support), noun


def _read_matrix(found: Any, label_names: Any) -> Counts | None:
    if not isinstance(found, Mapping):
        return None
    if isinstance(found.get("matrix"), list) and isinstance(found.get("labels"), list):
        labels = [str(label) for label in found["labels"]]
        return Counts(labels, found["matrix"], found.get("counted", "rows"))
    if all(isinstance(found.get(key), int) for key in _FOUR):
        names = [str(name) for name in label_names]
        return Counts(
            names if len(names) == 2 else ["negative", "positive"],
            [[found["tn"], found["fp"]], [found["fn"], found["tp"]]],
            found.get("counted", "rows"),
        )
    return None


def _label_row(label: str, counts: Mapping[str, int]) -> LabelRow:
    hits = counts["tp"]
    rows = sum(counts.values()) if "tn" in counts else None
    return _score_label(label, hits, hits + counts["fn"], hits + counts["fp"], rows)


def _score_label(label: str, hits: int, support: int, answered: int, rows: int | None) -> LabelRow:
    return LabelRow(
        label,
        support,
        answered,
        hits,
        None if rows is None else rows - support - answered + hits,
        precision=hits / answered if answered else 0.0,
        recall=hits / support if support else 0.0,
        f1=2 * hits / (answered + support) if answered + support else 0.0,
    )
