"""What a classifier answered, row by row, next to the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.errors import Problem
from dsf.core.excerpts import excerpt
from dsf.core.prediction_files import (
    check_fit,
    plain,
    read_frame,
    repeated_problems,
    rows_and_values,
    write_frame,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Predictions"]

_PROBABILITY = "probability_"
_ROUNDING = 1e-3  # how far the sum of a row of float32, or of rounded, probabilities may be off


@dataclass(frozen=True)
class Predictions:
    """Truth and answers of one model on one set of rows, in the order of the rows.

    Each row has one label, so that the probabilities of a row sum to 1.

    Attributes:
        row_ids: Identity of each row in the data set; no row twice. Shape: ``(rows,)``.
        targets: True label of each row, as a label value. Shape: ``(rows,)``.
        predictions: Answered label of each row, as a label value. Shape: ``(rows,)``.
        labels: All label values, in the order of the columns of ``probabilities``.
        probabilities: Probability of each label, or ``None`` if the model gives none.
            Shape: ``(rows, labels)``.

    Raises:
        DataError: If lengths differ, a row comes twice, a label is unknown, a probability is not
            a number between 0 and 1, or those of a row do not sum to 1.
    """

    row_ids: np.ndarray
    targets: np.ndarray
    predictions: np.ndarray
    labels: Sequence[Any]
    probabilities: np.ndarray | None = None

    def __post_init__(self) -> None:
        check_fit(self._length_problems() or self._content_problems())

    @classmethod
    def from_probabilities(
        cls, row_ids: Any, targets: Any, probabilities: Any, labels: Sequence[Any]
    ) -> Predictions:
        """Answer each row by its most probable label (the first one on a tie).

        Args:
            row_ids: Shape: ``(rows,)``.
            targets: True label values. Shape: ``(rows,)``.
            probabilities: Shape: ``(rows, labels)``.
            labels: Label values in the order of the columns.
        """
        probabilities = np.asarray(probabilities, dtype=np.float64)
        answers = np.asarray(labels)[probabilities.argmax(axis=1)]
        return cls(np.asarray(row_ids), np.asarray(targets), answers, list(labels), probabilities)

    def take(self, rows: np.ndarray) -> Predictions:
        """Give some of the rows, by their places, in that order."""
        found = None if self.probabilities is None else self.probabilities[rows]
        return Predictions(
            self.row_ids[rows], self.targets[rows], self.predictions[rows], self.labels, found
        )

    def to_frame(self) -> pd.DataFrame:
        """Give a table: ``row_id``, ``target``, ``prediction``, ``probability_<label>`` …."""
        columns: dict[str, Any] = {
            "row_id": self.row_ids,
            "target": self.targets,
            "prediction": self.predictions,
        }
        if self.probabilities is not None:
            for column, label in enumerate(self.labels):
                columns[f"{_PROBABILITY}{label}"] = self.probabilities[:, column]
        frame = pd.DataFrame(columns)
        frame.attrs["labels"] = [plain(label) for label in self.labels]
        return frame

    def write(self, path: Path) -> None:
        """Write the table as Parquet, whole or not at all; the labels go into its metadata."""
        write_frame(self.to_frame(), path)

    @classmethod
    def read(cls, path: Path) -> Predictions:
        """Read what :meth:`write` wrote.

        Raises:
            RunNotFoundError: If there is no such file.
        """
        frame = read_frame(path)
        labels = frame.attrs["labels"]
        columns = [f"{_PROBABILITY}{label}" for label in labels]
        known = set(columns) <= set(frame.columns)
        return cls(
            row_ids=frame["row_id"].to_numpy(copy=True),
            targets=frame["target"].to_numpy(copy=True),
            predictions=frame["prediction"].to_numpy(copy=True),
            labels=labels,
            probabilities=frame[columns].to_numpy(dtype=np.float64, copy=True) if known else None,
        )

    def _length_problems(self) -> list[Problem]:
        rows = len(self.row_ids)
        sizes = {"targets": len(self.targets), "predictions": len(self.predictions)}
        problems = [
            Problem(name, f"must have one value a row, but has {size} for {rows} rows.")
            for name, size in sizes.items()
            if size != rows
        ]
        expected = (rows, len(self.labels))
        if self.probabilities is not None and self.probabilities.shape != expected:
            problems.append(
                Problem(
                    "probabilities",
                    f"must have shape {expected} (rows, labels), but has "
                    f"{self.probabilities.shape}.",
                )
            )
        return problems

    def _content_problems(self) -> list[Problem]:
        problems = repeated_problems("row_ids", self.row_ids)
        for name, values in (("targets", self.targets), ("predictions", self.predictions)):
            unknown = ~pd.Series(values).isin(list(self.labels)).to_numpy()
            if unknown.any():
                rows, found = rows_and_values(unknown, np.asarray(values))
                problems.append(
                    Problem(name, f"must be among the labels, but rows {rows} have {found}.")
                )
        if self.probabilities is not None:
            wrong = _probability_problems(self.probabilities)
            problems += [Problem("probabilities", message) for message in wrong]
        return problems


def _probability_problems(probabilities: np.ndarray) -> list[str]:
    """Say what is wrong with rows of probabilities; each row is named once."""
    nan = np.isnan(probabilities).any(axis=1)
    outside = ~nan & ((probabilities < 0) | (probabilities > 1)).any(axis=1)
    sums = probabilities.sum(axis=1)
    unequal = ~nan & ~outside & (np.abs(sums - 1) > _ROUNDING)
    messages = []
    if nan.any():
        rows = excerpt(np.flatnonzero(nan))
        messages.append(f"must be numbers between 0 and 1, but rows {rows} have nan.")
    if outside.any():
        at = np.flatnonzero(outside)
        far = np.abs(probabilities - 0.5).argmax(axis=1)
        found = excerpt(probabilities[at, far[at]])
        messages.append(f"must lie between 0 and 1, but rows {excerpt(at)} have {found}.")
    if unequal.any():
        rows, found = rows_and_values(unequal, sums.round(6))
        messages.append(f"of a row must sum to 1, but rows {rows} sum to {found}.")
    return messages
