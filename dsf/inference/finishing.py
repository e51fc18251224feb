"""From probabilities to answers: what the fit settled is applied as its own test applies it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.bundle import ABSTENTION_FILE, CALIBRATION_FILE, THRESHOLDS_FILE
from dsf.core.errors import BundleError, Problem
from dsf.core.excerpts import excerpt
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.core.tagging import OUTSIDE
from dsf.inference.decoding import decode_tags
from dsf.metrics.calibration import Calibration, calibrate
from dsf.metrics.selective import Abstention, row_confidence
from dsf.metrics.thresholds import Thresholds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from dsf.core.bundle import Bundle, BundleLabels
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["Finishing", "as_predictions"]


@dataclass(frozen=True)
class Finishing:
    """What a bundle does to probabilities: calibrates, then decides, then may keep still.

    Attributes:
        calibration: Changes probabilities; ``None``: they stay.
        thresholds: Of each label, if a row may have several; of calibrated probabilities.
        abstention: When the bundle keeps still; ``None``: never.
    """

    calibration: Calibration | None
    thresholds: Thresholds | None
    abstention: Abstention | None

    @classmethod
    def of(cls, bundle: Bundle) -> Finishing:
        """Read it from a bundle.

        Raises:
            BundleError: If labels have no threshold that need one.
        """
        calibration, thresholds, abstention = (
            bundle.find(name) for name in (CALIBRATION_FILE, THRESHOLDS_FILE, ABSTENTION_FILE)
        )
        found = cls(
            None if calibration is None else Calibration.read(calibration),
            None if thresholds is None else Thresholds.read(thresholds),
            None if abstention is None else Abstention.read(abstention),
        )
        if bundle.labels.kind == "multilabel":
            known = found.thresholds.thresholds if found.thresholds else {}
            bare = [label for label in bundle.labels.only if label not in known]
            if bare:
                message = f"must have a threshold for each label, but {excerpt(bare)} have none."
                problem = Problem(THRESHOLDS_FILE, message)
                raise BundleError(f"The bundle cannot answer: {bundle.folder}", [problem])
        return found

    def apply(
        self, predictions: AnyPredictions, thresholds: Mapping[str, float] | None = None
    ) -> AnyPredictions:
        """Calibrate answers, and decide by thresholds.

        Args:
            predictions: As the network gave them.
            thresholds: Label → threshold that holds in place of the bundle's.

        Raises:
            DataError: If they are of another kind than the calibration.
        """
        if self.calibration is not None:
            own = None if self.thresholds is None else self.thresholds.thresholds
            predictions = calibrate(predictions, self.calibration, own)
        if thresholds and isinstance(predictions, MultiLabelPredictions):
            pairs = zip(predictions.labels, predictions.thresholds, strict=True)
            chosen = np.array([thresholds.get(label, given) for label, given in pairs])
            predictions = replace(predictions, thresholds=chosen)
        return predictions

    def judge(self, predictions: AnyPredictions) -> tuple[np.ndarray, np.ndarray]:
        """Say how sure the bundle is of each row, and whether it keeps still.

        Args:
            predictions: What :meth:`apply` gave.

        Returns:
            Confidence from 0 to 1, and whether it abstains. Shape of both: ``(rows,)``.
        """
        sure, _ = row_confidence(predictions)
        if self.abstention is None:
            return sure, np.zeros(len(sure), dtype=bool)
        return sure, ~self.abstention.answers(sure)


def as_predictions(
    labels: BundleLabels,
    rows: pd.DataFrame,
    probabilities: Any,
    thresholds: Thresholds | None,
    truth: pd.DataFrame | None,
) -> AnyPredictions:
    """Put answers next to the truth; without one, next to a stand-in that nobody may look at.

    Args:
        labels: What the bundle answers.
        rows: The rows, with what :func:`~dsf.inference.inputs.read_inputs` gives.
        probabilities: Output → probabilities, ``(rows, labels)``; of tags ``(words, tags)`` for
            each row.
        thresholds: Of the bundle.
        truth: The rows with ``row_id`` and the columns of the labels; ``None``: there is none.

    Raises:
        DataError: If the truth does not fit the labels.
    """
    ids = np.arange(len(rows)) if truth is None else truth["row_id"].to_numpy()
    if labels.kind == "tags":
        return _tags(labels, rows, ids, next(iter(probabilities.values())), truth)
    if labels.kind == "multilabel":
        assert thresholds is not None  # checked when the bundle was read
        names = labels.only
        shape = (len(rows), len(names))
        return MultiLabelPredictions(
            row_ids=ids,
            targets=np.zeros(shape, np.int8) if truth is None else _switches(truth, names),
            probabilities=next(iter(probabilities.values())),
            thresholds=np.array([thresholds.thresholds[name] for name in names]),
            labels=list(names),
        )
    each = {}
    for number, (output, names) in enumerate(labels.outputs.items()):
        if truth is None:
            targets = np.asarray(names)[np.zeros(len(rows), dtype=np.int64)]
        else:
            targets = truth[labels.columns[number]].to_numpy()
        found = probabilities[output]
        each[output] = Predictions.from_probabilities(ids, targets, found, names)
    return next(iter(each.values())) if labels.kind == "single" else MultiOutputPredictions(each)


def _switches(truth: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    return truth[list(names)].to_numpy(dtype=np.int8, copy=True)


def _tags(
    labels: BundleLabels,
    rows: pd.DataFrame,
    ids: np.ndarray,
    words: Sequence[np.ndarray],
    truth: pd.DataFrame | None,
) -> TagPredictions:
    tags, scheme = list(labels.only), labels.scheme
    answers, confidences = [], []
    for row in words:
        numbers = decode_tags(row, tags, scheme)
        answers.append([tags[number] for number in numbers])
        confidences.append(row[np.arange(len(row)), numbers].clip(0.0, 1.0).tolist())
    # O is sound in every scheme, and tags that stand alone are sound as they are.
    nothing = OUTSIDE if scheme is not None else tags[0]
    stand_in = [[nothing] * len(row) for row in words]
    return TagPredictions(
        row_ids=ids,
        texts=rows["text"].tolist(),
        starts=[list(row) for row in rows["starts"]],
        tokens=[list(row) for row in rows["tokens"]],
        targets=stand_in if truth is None else [list(row) for row in truth["tags"]],
        predictions=answers,
        confidences=confidences,
        tags=tags,
        scheme=scheme,
    )
