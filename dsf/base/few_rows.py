"""A word where a calibration was learned from too few rows to mean much."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from dsf.core.excerpts import count
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["tell_few_rows"]

log = logging.getLogger("dsf")

# Simulated labels (normal log-odds of spread 2, model right or twice too sure, 60 repetitions):
# with so many, log loss is 0.01 to 0.02 above that of endless rows; with a quarter, about 0.04.
_TEMPERATURE = 50  # rows
_ISOTONIC = 200  # rows of each label

_SHOWN = 20  # labels that a warning names


def tell_few_rows(predictions: AnyPredictions, method: str) -> None:
    """Warn where rows are too few to calibrate by.

    Args:
        predictions: What the calibration was learned from.
        method: ``temperature`` or ``isotonic``.
    """
    wanted = _ISOTONIC if method == "isotonic" else _TEMPERATURE
    if isinstance(predictions, TagPredictions):  # all tags are calibrated together
        found, what = {"": sum(map(len, predictions.targets))}, "tag"
    elif method == "isotonic":
        found, what = _count_labels(predictions), "row"
    else:
        found, what = {"": len(predictions.row_ids)}, "row"
    # A label that no row has is not calibrated, which is told already.
    few = {name: number for name, number in found.items() if 0 < number < wanted}
    if few:
        shown = [f"{name} {count(number, what)}".strip() for name, number in few.items()]
        log.warning(
            "fit      calibration by %s wants some %d validation %ss%s, but there are fewer: %s",
            method,
            wanted,
            what,
            "" if "" in found else " of each label",
            ", ".join([*shown[:_SHOWN], *(["…"] if len(shown) > _SHOWN else [])]),
        )


def _count_labels(predictions: AnyPredictions) -> dict[str, int]:
    """Count the rows of each label, of each output."""
    if isinstance(predictions, MultiOutputPredictions):
        return {
            f"{output}.{label}": number
            for output, one in predictions.outputs.items()
            for label, number in _count_labels(one).items()
        }
    if isinstance(predictions, MultiLabelPredictions):
        numbers = predictions.targets.astype(bool).sum(axis=0)
        return dict(zip(map(str, predictions.labels), map(int, numbers), strict=True))
    assert isinstance(predictions, Predictions)  # tags are counted one by one
    return {str(label): int((predictions.targets == label).sum()) for label in predictions.labels}
