"""Answers as a table for who asked: one row a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["make_answer_table"]


def make_answer_table(
    predictions: AnyPredictions,
    confidence: np.ndarray,
    abstained: np.ndarray,
    index: pd.Index,
    top_k: int | None = None,
) -> pd.DataFrame:
    """Make the table of answers.

    Args:
        predictions: Finished answers.
        confidence: Of each row. Shape: ``(rows,)``.
        abstained: Whether the bundle keeps still. Shape: ``(rows,)``.
        index: Of the rows that were asked.
        top_k: How many labels with their probabilities are given in place of all.

    Returns:
        Columns ``confidence`` and ``abstained``, and, by the kind of the labels:

        - ``label``, and ``probability_<label>`` of each;
        - ``label_<output>``, and ``probability_<output>_<label>``;
        - ``labels`` (a list), and ``probability_<label>``;
        - ``tokens``, ``starts``, ``tags`` and ``probabilities`` (lists, one value a word), and
          with a scheme ``entities``: a list of ``{start, end, label, text, confidence}``.

        With ``top_k``, lists ``top_labels`` and ``top_probabilities`` (``…_<output>``), most
        probable first, stand in place of the probabilities.
    """
    columns: dict[str, Any] = {}
    if isinstance(predictions, TagPredictions):
        columns = _tag_columns(predictions)
    elif isinstance(predictions, MultiOutputPredictions):
        for output, one in predictions.outputs.items():
            columns[f"label_{output}"] = one.predictions
        for output, one in predictions.outputs.items():
            columns |= _probabilities(one.probabilities, one.labels, top_k, f"_{output}")
    else:
        if isinstance(predictions, MultiLabelPredictions):
            names = np.asarray(list(predictions.labels), dtype=object)
            columns["labels"] = _lists(names[row > 0] for row in predictions.predictions)
        else:
            columns["label"] = predictions.predictions
        columns |= _probabilities(predictions.probabilities, predictions.labels, top_k, "")
    columns |= {"confidence": confidence, "abstained": abstained}
    table = pd.DataFrame(columns)
    table.index = index
    return table


def _probabilities(
    found: np.ndarray | None, labels: Sequence[Any], top_k: int | None, suffix: str
) -> dict[str, Any]:
    assert found is not None  # a network gives them
    if top_k is None:
        return {f"probability{suffix}_{name}": found[:, at] for at, name in enumerate(labels)}
    # Stable: of equal ones the first label comes first, as it does in an answer.
    order = np.argsort(-found, axis=1, kind="stable")[:, :top_k]
    return {
        f"top_labels{suffix}": _lists([labels[at] for at in row] for row in order),
        f"top_probabilities{suffix}": _lists(np.take_along_axis(found, order, axis=1)),
    }


def _tag_columns(predictions: TagPredictions) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "tokens": _lists(predictions.tokens),
        "starts": _lists([int(start) for start in row] for row in predictions.starts),
        "tags": _lists(predictions.predictions),
        "probabilities": _lists(predictions.confidences),
    }
    if predictions.scheme is not None:
        columns["entities"] = _lists(
            [entity._asdict() for entity in predictions.entities(row)]
            for row in range(len(predictions.row_ids))
        )
    return columns


def _lists(values: Iterable[Any]) -> pd.Series:
    """Make a column of lists; pandas would take one without any row for numbers."""
    plain = [row.tolist() if isinstance(row, np.ndarray) else list(row) for row in values]
    return pd.Series(plain, dtype=object)
