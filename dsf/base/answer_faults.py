"""Whether predictions are of the rows that were asked, next to the truth of those rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.excerpts import count, excerpt
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.data import LabelLayout

__all__ = ["find_other_rows", "find_other_truth"]


def find_other_rows(answers: AnyPredictions, row_ids: Any) -> str:
    """Say which rows have no answer, and which answers are of other rows; empty if none.

    Args:
        answers: Predictions of any kind, in any order.
        row_ids: The rows that were asked, each once. Shape: ``(rows,)``.
    """
    asked, answered = pd.Index(row_ids), pd.Index(answers.row_ids)
    missing = asked.difference(answered, sort=False)
    foreign = answered.difference(asked, sort=False)
    faults = []
    if len(missing):
        faults.append(f"{count(len(missing), 'row')} got no answer (row_id {excerpt(missing)})")
    if len(foreign):
        are = "answer is of another row" if len(foreign) == 1 else "answers are of other rows"
        faults.append(f"{len(foreign)} {are} (row_id {excerpt(foreign)})")
    return " and ".join(faults)


def find_other_truth(
    answers: AnyPredictions, rows: pd.DataFrame, layout: LabelLayout | None
) -> list[str]:
    """Say where predictions come with another truth than the rows have.

    A label may be a number on one side and the same as text on the other. Tags are compared where
    the predictions are of the same tokens.

    Args:
        answers: Predictions of the rows, in their order.
        rows: The rows.
        layout: Where they have their true labels; ``None`` if nobody says it.
    """
    faults = []
    for name, differ in _differences(answers, rows, layout):
        if differ.any():
            ids = rows["row_id"].to_numpy()[differ]
            faults.append(f"{name!r} differs in {count(len(ids), 'row')} (row_id {excerpt(ids)})")
    return faults


def _differences(
    answers: AnyPredictions, rows: pd.DataFrame, layout: LabelLayout | None
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Give each column of labels that both have, and in which rows they differ."""
    kind = None if layout is None else layout.kind
    if kind == "single" and isinstance(answers, Predictions):
        assert layout is not None
        yield layout.columns[0], _differ(rows[layout.columns[0]], answers.targets)
    elif kind == "multi_output" and isinstance(answers, MultiOutputPredictions):
        for name, each in answers.outputs.items():
            if name in rows.columns:
                yield name, _differ(rows[name], each.targets)
    elif kind == "multilabel" and isinstance(answers, MultiLabelPredictions):
        for column, label in enumerate(answers.labels):
            if label in rows.columns:
                yield label, _differ(rows[label], answers.targets[:, column])
    elif kind == "tags" and isinstance(answers, TagPredictions):
        yield "tags", _tags_differ(rows, answers)


def _differ(truth: pd.Series, targets: NDArray[Any]) -> NDArray[np.bool_]:
    first, second = truth.to_numpy(), np.asarray(targets)
    if first.dtype.kind in "biuf" and second.dtype.kind in "biuf":
        return np.asarray(first != second)
    # As objects: numpy does not compare numbers with text.
    first, second = first.astype(object), second.astype(object)
    differ = np.asarray(first != second, dtype=bool)
    at = np.flatnonzero(differ)
    differ[at] = [str(one) != str(other) for one, other in zip(first[at], second[at], strict=True)]
    return differ


def _tags_differ(rows: pd.DataFrame, answers: TagPredictions) -> NDArray[np.bool_]:
    pairs = zip(rows["tokens"], answers.tokens, rows["tags"], answers.targets, strict=True)
    return np.array(
        [
            list(tokens) == list(own) and list(tags) != list(targets)
            for tokens, own, tags, targets in pairs
        ],
        dtype=bool,
    )
