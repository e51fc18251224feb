"""All kinds of predictions, and any of them read from its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from dsf.core.errors import DataError, Problem
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.prediction_files import read_frame
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["AnyPredictions", "read_predictions"]

AnyPredictions: TypeAlias = (
    Predictions | MultiLabelPredictions | MultiOutputPredictions | TagPredictions
)
"""What a model answered, of whichever kind; also for ``isinstance``."""


def read_predictions(path: Path) -> AnyPredictions:
    """Read a file of predictions of any kind; what was written with it says which.

    Raises:
        RunNotFoundError: If there is no such file.
        DataError: If it is no file of predictions of ours.
    """
    found = read_frame(path).attrs
    if "outputs" in found:
        return MultiOutputPredictions.read(path)
    if "tags" in found:
        return TagPredictions.read(path)
    if "thresholds" in found:
        return MultiLabelPredictions.read(path)
    if "labels" in found:
        return Predictions.read(path)
    message = "must be written by one of dsf's kinds of predictions, but names no labels."
    raise DataError("There are no predictions.", [Problem(str(path), message)])
