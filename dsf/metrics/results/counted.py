"""What all scores of one set of answers are computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dsf.metrics.label_scores import accuracy, count_matrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from dsf.metrics.label_counts import LabelCounts

__all__ = ["Counted", "count_answers"]


class Counted(NamedTuple):
    """Answers and truth of one kind of predictions, counted.

    Attributes:
        labels: What was counted, in the order of ``counts``.
        counts: How often each label was true, was answered, and both.
        accuracy: Share of the rows (of the tokens, for tags) that are answered exactly right.
        matrix: Truth in rows, answers in columns, where each row or token has one label; else
            ``None``. Shape: ``(labels, labels)``.
        confusion_matrix: The counts in words and plain numbers, for ``metrics.json``.
    """

    labels: Sequence[Any]
    counts: LabelCounts
    accuracy: float
    matrix: NDArray[np.int64] | None
    confusion_matrix: dict[str, Any]


def count_answers(matrix: NDArray[np.int64], labels: Sequence[Any]) -> Counted:
    """Count answers of one label each.

    Args:
        matrix: Truth in rows, answers in columns. Shape: ``(labels, labels)``.
        labels: In the order of the matrix; of two, the second is the positive one.
    """
    plain = [label.item() if hasattr(label, "item") else label for label in labels]
    described: dict[str, Any] = {"labels": plain, "matrix": matrix.tolist()}
    if len(plain) == 2:
        (tn, fp), (fn, tp) = matrix.tolist()
        described = {"tp": tp, "tn": tn, "fp": fp, "fn": fn}
    return Counted(plain, count_matrix(matrix), accuracy(matrix), matrix, described)
