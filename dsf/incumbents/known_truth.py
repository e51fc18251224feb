"""What is true of rows that a bundle is asked about: from the rows, or from the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.row_matching import find_rows, id_text
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    import pandas as pd

    from dsf.core.bundle import BundleLabels
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["join_labels", "spell_labels", "take_truth"]

_KINDS = {
    "single": Predictions,
    "multilabel": MultiLabelPredictions,
    "multi_output": MultiOutputPredictions,
    "tags": TagPredictions,
}


def join_labels(labels: BundleLabels, found: Any) -> Any:
    """Put labels that only the rows have behind those of a bundle.

    Args:
        labels: Those of the bundle.
        found: Those of the rows, as :meth:`dsf.data.LabelLayout.names` gives them.
    """
    if labels.kind != "multi_output":
        return list(dict.fromkeys([*labels.only, *found]))
    pairs = zip(labels.columns, labels.outputs.values(), strict=True)
    return {column: list(dict.fromkeys([*names, *found[column]])) for column, names in pairs}


def spell_labels(rows: pd.DataFrame, labels: BundleLabels) -> pd.DataFrame:
    """Write true labels as a bundle does: those of a CSV file may have become numbers."""
    if labels.kind not in ("single", "multi_output"):
        return rows
    spelled = {}
    for column, names in zip(labels.columns, labels.outputs.values(), strict=True):
        own = {id_text(name): name for name in names}
        spelled[column] = [own.get(id_text(value), value) for value in rows[column]]
    return rows.assign(**spelled)


def take_truth(rows: pd.DataFrame, known: AnyPredictions, labels: BundleLabels) -> pd.DataFrame:
    """Give the rows that another side has answered, in its order, with what it knows to be true.

    Args:
        rows: With ``row_id``.
        known: What the other side answered; where words have tags, it has the words as well.
        labels: Those of the bundle.

    Raises:
        DataError: If it answers something else.
    """
    if not isinstance(known, _KINDS[labels.kind]):
        came = next(kind for kind, cls in _KINDS.items() if isinstance(known, cls))
        message = f"must be of the same kind on both sides, but are {labels.kind} and {came}."
        raise DataError("The bundle cannot be compared.", [Problem("labels", message)])
    table, names = known.to_frame(), _truth_columns(labels)
    lacking = [column for column, name in names.items() if name not in table.columns]
    if lacking:
        message = f"must be known to the other side, but {', '.join(map(str, lacking))} are not."
        raise DataError("The bundle cannot be compared.", [Problem("labels", message)])
    places = find_rows(known.row_ids, rows["row_id"].to_numpy())
    there = np.flatnonzero(places >= 0)
    truth = {column: table[name].iloc[there].to_numpy() for column, name in names.items()}
    return rows.iloc[places[there]].reset_index(drop=True).assign(**truth)


def _truth_columns(labels: BundleLabels) -> dict[str, str]:
    """Give column of the rows → column of predictions."""
    if labels.kind == "tags":
        return {"tags": "target", "text": "text", "tokens": "tokens", "starts": "starts"}
    if labels.kind == "single":
        return {labels.columns[0]: "target"}
    outputs = labels.only if labels.kind == "multilabel" else list(labels.outputs)
    return {
        column: f"target_{output}" for column, output in zip(labels.columns, outputs, strict=True)
    }
