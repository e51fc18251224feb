"""What a model answered that gives a row one label of each of several outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.errors import Problem
from dsf.core.prediction_files import check_fit, plain, read_frame, write_frame
from dsf.core.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["MultiOutputPredictions"]


@dataclass(frozen=True)
class MultiOutputPredictions:
    """Truth and answers of one model on one set of rows, for each of its outputs.

    Attributes:
        outputs: Name of each output and its predictions; all of the same rows in the same order.

    Raises:
        DataError: If there is no output, the rows of two outputs differ, or the names of outputs
            and labels would give one column to two of them.
    """

    outputs: Mapping[str, Predictions]

    def __post_init__(self) -> None:
        check_fit(self._row_problems() or self._column_problems())

    @property
    def row_ids(self) -> np.ndarray:
        """Identity of each row in the data set. Shape: ``(rows,)``."""
        return next(iter(self.outputs.values())).row_ids

    def take(self, rows: np.ndarray) -> MultiOutputPredictions:
        """Give some of the rows, by their places, in that order."""
        return MultiOutputPredictions({name: one.take(rows) for name, one in self.outputs.items()})

    def to_frame(self) -> pd.DataFrame:
        """Give a table: ``row_id``, then for each output its target, prediction, probabilities.

        Columns are named ``target_<output>``, ``prediction_<output>`` and
        ``probability_<output>_<label>``; the last ones are there if the model gave them.
        """
        columns: dict[str, Any] = {"row_id": self.row_ids}
        for output, predictions in self.outputs.items():
            columns[f"target_{output}"] = predictions.targets
            columns[f"prediction_{output}"] = predictions.predictions
            if predictions.probabilities is not None:
                names = _probability_columns(output, predictions.labels)
                columns |= dict(zip(names, predictions.probabilities.T, strict=True))
        frame = pd.DataFrame(columns)
        frame.attrs["outputs"] = {
            output: [plain(label) for label in predictions.labels]
            for output, predictions in self.outputs.items()
        }
        return frame

    def write(self, path: Path) -> None:
        """Write the table as Parquet, whole or not at all; outputs and labels with it."""
        write_frame(self.to_frame(), path)

    @classmethod
    def read(cls, path: Path) -> MultiOutputPredictions:
        """Read what :meth:`write` wrote.

        Raises:
            RunNotFoundError: If there is no such file.
        """
        frame = read_frame(path)
        return cls(
            {
                output: Predictions(
                    row_ids=frame["row_id"].to_numpy(copy=True),
                    targets=frame[f"target_{output}"].to_numpy(copy=True),
                    predictions=frame[f"prediction_{output}"].to_numpy(copy=True),
                    labels=labels,
                    probabilities=_read_probabilities(frame, output, labels),
                )
                for output, labels in frame.attrs["outputs"].items()
            }
        )

    def _row_problems(self) -> list[Problem]:
        if not self.outputs:
            return [Problem("outputs", "must be at least one, but there is none.")]
        first, *others = self.outputs
        rows = self.outputs[first].row_ids
        return [
            Problem(f"outputs.{name}", f"must be of the same rows in the same order as {first!r}.")
            for name in others
            if not np.array_equal(rows, self.outputs[name].row_ids)
        ]

    def _column_problems(self) -> list[Problem]:
        """Find names that meet: label ``c`` of output ``a_b`` and label ``b_c`` of ``a``."""
        owners: dict[str, str] = {}
        problems = []
        for output, predictions in self.outputs.items():
            for column in _probability_columns(output, predictions.labels):
                if owners.setdefault(column, output) != output:
                    message = f"would be of {owners[column]!r} and {output!r}. Rename one of them."
                    problems.append(Problem(f"column {column}", message))
        return problems


def _probability_columns(output: str, labels: Any) -> list[str]:
    return [f"probability_{output}_{label}" for label in labels]


def _read_probabilities(frame: pd.DataFrame, output: str, labels: Any) -> np.ndarray | None:
    columns = _probability_columns(output, labels)
    if not set(columns) <= set(frame.columns):
        return None
    return frame[columns].to_numpy(dtype=np.float64, copy=True)
