"""What a model answered that may give a row several labels, or none, next to the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.errors import Problem
from dsf.core.excerpts import excerpt
from dsf.core.prediction_files import check_fit, read_frame, repeated_problems, write_frame

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["MultiLabelPredictions"]


@dataclass(frozen=True)
class MultiLabelPredictions:
    """Truth, probabilities and thresholds of one model on one set of rows.

    A label is answered where its probability is above its threshold; equal is not enough. Who
    decides in another way says so in ``decided``.

    Attributes:
        row_ids: Identity of each row in the data set; no row twice. Shape: ``(rows,)``.
        targets: 1 where a row has a label, else 0. Shape: ``(rows, labels)``.
        probabilities: Of each label by itself, from 0 to 1; ``None`` if the model gives none, and
            then ``decided`` is needed. Shape: ``(rows, labels)``.
        thresholds: Of each label, from 0 to 1. Shape: ``(labels,)``.
        labels: Names of the labels, in the order of the columns.
        decided: 1 where a label is answered, else 0; ``None``: as the thresholds say. Shape:
            ``(rows, labels)``.

    Raises:
        DataError: If shapes do not fit, a row or a label comes twice, a target or an answer is
            neither 0 nor 1, or a probability or threshold is not a number between 0 and 1.
    """

    row_ids: np.ndarray
    targets: np.ndarray
    probabilities: np.ndarray | None
    thresholds: np.ndarray
    labels: Sequence[str]
    decided: np.ndarray | None = None

    def __post_init__(self) -> None:
        check_fit(self._shape_problems() or self._content_problems())

    @property
    def predictions(self) -> np.ndarray:
        """The answers: 1 where a label is answered, int8. Shape: ``(rows, labels)``."""
        if self.decided is not None:
            return self.decided.astype(np.int8)
        assert self.probabilities is not None  # checked when it was made
        return (self.probabilities > self.thresholds).astype(np.int8)

    def take(self, rows: np.ndarray) -> MultiLabelPredictions:
        """Give some of the rows, by their places, in that order."""
        return MultiLabelPredictions(
            self.row_ids[rows],
            self.targets[rows],
            None if self.probabilities is None else self.probabilities[rows],
            self.thresholds,
            self.labels,
            None if self.decided is None else self.decided[rows],
        )

    def to_frame(self) -> pd.DataFrame:
        """Give a table: ``row_id``, then target, prediction and probability of every label.

        There is no probability if the model gave none.
        """
        columns: dict[str, Any] = {"row_id": self.row_ids}
        for kind, values in (
            ("target", self.targets.astype(np.int8)),
            ("prediction", self.predictions),
            ("probability", self.probabilities),
        ):
            if values is not None:
                names = [f"{kind}_{label}" for label in self.labels]
                columns |= dict(zip(names, values.T, strict=True))
        frame = pd.DataFrame(columns)
        frame.attrs["labels"] = list(self.labels)
        frame.attrs["thresholds"] = [float(threshold) for threshold in self.thresholds]
        return frame

    def write(self, path: Path) -> None:
        """Write the table as Parquet, whole or not at all; labels and thresholds with it."""
        write_frame(self.to_frame(), path)

    @classmethod
    def read(cls, path: Path) -> MultiLabelPredictions:
        """Read what :meth:`write` wrote; answers are decided if they are not the thresholds'.

        Raises:
            RunNotFoundError: If there is no such file.
        """
        frame = read_frame(path)
        labels = frame.attrs["labels"]
        known = {f"probability_{label}" for label in labels} <= set(frame.columns)
        thresholds = np.asarray(frame.attrs["thresholds"], dtype=np.float64)
        probabilities = _columns(frame, "probability", labels, np.float64) if known else None
        answers = _columns(frame, "prediction", labels, np.int8)
        follow = probabilities is not None and bool(
            ((probabilities > thresholds) == answers.astype(bool)).all()
        )
        return cls(
            row_ids=frame["row_id"].to_numpy(copy=True),
            targets=_columns(frame, "target", labels, np.int8),
            probabilities=probabilities,
            thresholds=thresholds,
            labels=labels,
            decided=None if follow else answers,
        )

    def _shape_problems(self) -> list[Problem]:
        rows, labels = len(self.row_ids), len(self.labels)
        wanted = {
            "targets": (rows, labels),
            "probabilities": (rows, labels),
            "thresholds": (labels,),
            "decided": (rows, labels),
        }
        if self.probabilities is None and self.decided is None:
            message = "must be there where no answers are decided, but are not."
            return [Problem("probabilities", message)]
        return [
            Problem(name, f"must have shape {shape}, but has {values.shape}.")
            for name, shape in wanted.items()
            if (values := getattr(self, name)) is not None and values.shape != shape
        ]

    def _content_problems(self) -> list[Problem]:
        problems = [
            *repeated_problems("row_ids", self.row_ids),
            *repeated_problems("labels", self.labels),
        ]
        for name, values in (("targets", self.targets), ("decided", self.decided)):
            wrong = values is not None and ~np.isin(values, (0, 1)).all(axis=1)
            if np.any(wrong):
                rows = excerpt(self.row_ids[wrong])
                problems.append(Problem(name, f"must be 0 or 1, but are not in rows {rows}."))
        chances = np.zeros((0, 1)) if self.probabilities is None else self.probabilities
        bad = ~((chances >= 0) & (chances <= 1)).all(axis=1)
        if bad.any():
            rows = excerpt(self.row_ids[bad])
            message = f"must be numbers between 0 and 1, but are not in rows {rows}."
            problems.append(Problem("probabilities", message))
        if not ((self.thresholds >= 0) & (self.thresholds <= 1)).all():
            found = excerpt(self.thresholds, 20)
            message = f"must be numbers between 0 and 1, but are {found}."
            problems.append(Problem("thresholds", message))
        return problems


def _columns(frame: pd.DataFrame, kind: str, labels: Sequence[str], dtype: Any) -> np.ndarray:
    """Give the columns of all labels. Shape: ``(rows, labels)``."""
    return frame[[f"{kind}_{label}" for label in labels]].to_numpy(dtype=dtype, copy=True)
