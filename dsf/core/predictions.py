"""What a classifier answered, row by row, next to the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.atomic import atomic_path
from dsf.core.errors import DataError, Problem, RunNotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Predictions"]

_PROBABILITY = "probability_"


@dataclass(frozen=True)
class Predictions:
    """Truth and answers of one model on one set of rows, in the order of the rows.

    Attributes:
        row_ids: Identity of each row in the data set; no row twice. Shape: ``(rows,)``.
        targets: True label of each row, as a label value. Shape: ``(rows,)``.
        predictions: Answered label of each row, as a label value. Shape: ``(rows,)``.
        labels: All label values, in the order of the columns of ``probabilities``.
        probabilities: Probability of each label, or ``None`` if the model gives none.
            Shape: ``(rows, labels)``.

    Raises:
        DataError: If lengths differ, a row comes twice, a label is unknown, or a probability is
            not a number between 0 and 1.
    """

    row_ids: np.ndarray
    targets: np.ndarray
    predictions: np.ndarray
    labels: Sequence[Any]
    probabilities: np.ndarray | None = None

    def __post_init__(self) -> None:
        problems = [*self._length_problems()] or [*self._content_problems()]
        if problems:
            raise DataError("The predictions do not fit together.", problems)

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
        frame.attrs["labels"] = [_plain(label) for label in self.labels]
        return frame

    def write(self, path: Path) -> None:
        """Write the table as Parquet, whole or not at all; the labels go into its metadata."""
        with atomic_path(path) as temporary:
            self.to_frame().to_parquet(temporary, index=False)

    @classmethod
    def read(cls, path: Path) -> Predictions:
        """Read what :meth:`write` wrote.

        Raises:
            RunNotFoundError: If there is no such file.
        """
        if not path.is_file():
            raise RunNotFoundError(f"{path}: a file of predictions must be here, but is not.")
        frame = pd.read_parquet(path)
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
        problems = []
        repeated = pd.Index(self.row_ids).duplicated()
        if repeated.any():
            rows = [_plain(row) for row in self.row_ids[repeated][:5]]
            problems.append(Problem("row_ids", f"must be unique, but these repeat: {rows}."))
        for name, values in (("targets", self.targets), ("predictions", self.predictions)):
            unknown = ~pd.Series(values).isin(list(self.labels)).to_numpy()
            if unknown.any():
                at = np.flatnonzero(unknown)[:5]
                found = [_plain(value) for value in np.asarray(values)[at]]
                problems.append(
                    Problem(name, f"must be among the labels, but rows {at.tolist()} have {found}.")
                )
        if self.probabilities is not None:
            bad = ~((self.probabilities >= 0) & (self.probabilities <= 1)).all(axis=1)
            if bad.any():
                rows = np.flatnonzero(bad)[:5].tolist()
                problems.append(
                    Problem("probabilities", f"must lie between 0 and 1, but not in rows {rows}.")
                )
        return problems


def _plain(value: Any) -> Any:
    """Turn a numpy scalar into the Python value that JSON and people understand."""
    return value.item() if hasattr(value, "item") else value
