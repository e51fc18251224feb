"""What was learned of how sure a model is: kept as JSON, applied to probabilities."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.atomic import write_json
from dsf.core.errors import DataError, Problem, RunNotFoundError
from dsf.core.prediction_files import plain
from dsf.metrics.calibration.curve import IsotonicCurve
from dsf.metrics.calibration.temperature import Temperature

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

__all__ = ["Calibration", "CalibrationPart"]

_ABOUT = {
    "single": "One label a row. temperature: each probability to the power of 1 / temperature, "
    "then those of a row are divided by their sum. isotonic: each probability by its label's "
    "curve, straight lines between the points, then those of a row are divided by their sum.",
    "multilabel": "Each label by itself. temperature: sigmoid(log-odds / temperature). isotonic: "
    "by the label's curve, straight lines between the points.",
    "tags": "The probability of the answered tag. temperature: sigmoid(log-odds / temperature). "
    "isotonic: by the curve, straight lines between the points.",
}
"""Kind of answers → how the numbers are applied, for who reads the file without dsf."""

_ORDER = (
    "`changes` are in the order of `labels`, unless there is one for all; where it is null, "
    "probabilities stay as they are. An isotonic curve is level before its first point and behind "
    "its last."
)


@dataclass(frozen=True)
class CalibrationPart:
    """What is applied to one output; most models have only one.

    Attributes:
        output: Name of the output; ``None`` where there are no several.
        labels: In the order of the columns of its probabilities.
        changes: One for all labels where a row has one label and the method is ``temperature``,
            else one a label; of tags one. ``None``: probabilities stay as they are.
        notes: Of labels that are left as they are, the reason.
    """

    output: str | None
    labels: tuple[Any, ...]
    changes: tuple[Temperature | IsotonicCurve | None, ...]
    notes: tuple[str, ...] = ()

    def apply(self, probabilities: NDArray[np.float64], kind: str) -> NDArray[np.float64]:
        """Change probabilities.

        Args:
            probabilities: Shape: ``(rows, labels)``; of tags ``(tokens,)``.
            kind: ``single``, ``multilabel`` or ``tags``.
        """
        if kind == "tags":
            return _change(self.changes[0], probabilities)
        first = self.changes[0]
        if kind == "single" and len(self.changes) == 1:
            return first.of_all(probabilities) if isinstance(first, Temperature) else probabilities
        columns = [_change(one, probabilities[:, at]) for at, one in enumerate(self.changes)]
        changed = np.column_stack(columns)
        return changed / changed.sum(axis=1, keepdims=True) if kind == "single" else changed

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "output": self.output,
            "labels": [plain(label) for label in self.labels],
            "changes": [None if one is None else one.to_dict() for one in self.changes],
            "notes": list(self.notes),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> CalibrationPart:
        """Read what :meth:`to_dict` gave."""
        changes = tuple(_read_change(one) for one in content["changes"])
        labels, notes = tuple(content["labels"]), tuple(content["notes"])
        return cls(content["output"], labels, changes, notes)


@dataclass(frozen=True)
class Calibration:
    """What changes the probabilities of a model.

    Attributes:
        method: ``temperature`` or ``isotonic``.
        kind: What it is for: ``single`` (one label a row, of one output or several),
            ``multilabel`` or ``tags``.
        rows: How many rows it was learned from.
        parts: One for each output.
    """

    method: str
    kind: str
    rows: int
    parts: tuple[CalibrationPart, ...]

    def apply(self, probabilities: ArrayLike, output: str | None = None) -> NDArray[np.float64]:
        """Change probabilities, so that they mean what they say.

        Args:
            probabilities: Shape: ``(rows, labels)``; of tags those of the answers, ``(tokens,)``.
            output: Whose they are, where there are several.

        Raises:
            DataError: If there is no such output, or the labels are another number.
        """
        found = [part for part in self.parts if part.output == output]
        values = np.asarray(probabilities, dtype=np.float64)
        if not found:
            names = ", ".join(str(part.output) for part in self.parts)
            raise _misfit("output", f"must be one of {names}, but is {output!r}.")
        if self.kind != "tags" and values.shape[1:] != (len(found[0].labels),):
            shape = f"(rows, {len(found[0].labels)})"
            raise _misfit("probabilities", f"must have shape {shape}, but have {values.shape}.")
        return found[0].apply(values, self.kind)

    def write(self, path: Path) -> None:
        """Write it as JSON that says how it is applied, whole or not at all."""
        content = {
            "method": self.method,
            "kind": self.kind,
            "about": f"{_ABOUT[self.kind]} {_ORDER}",
            "validation_rows": self.rows,
            "outputs": [part.to_dict() for part in self.parts],
        }
        write_json(path, content)

    @classmethod
    def read(cls, path: Path) -> Calibration:
        """Read what :meth:`write` wrote.

        Raises:
            RunNotFoundError: If there is no such file.
        """
        if not path.is_file():
            raise RunNotFoundError(f"{path}: a calibration must be here, but is not.")
        content = json.loads(path.read_text(encoding="utf-8"))
        parts = tuple(CalibrationPart.from_dict(one) for one in content["outputs"])
        return cls(content["method"], content["kind"], content["validation_rows"], parts)


def _change(
    change: Temperature | IsotonicCurve | None, probabilities: NDArray[np.float64]
) -> NDArray[np.float64]:
    return probabilities if change is None else change.of_each(probabilities)


def _read_change(content: Mapping[str, Any] | None) -> Temperature | IsotonicCurve | None:
    if content is None:
        return None
    if "temperature" in content:
        return Temperature(float(content["temperature"]))
    return IsotonicCurve(tuple(content["given"]), tuple(content["calibrated"]))


def _misfit(where: str, message: str) -> DataError:
    return DataError("The calibration does not fit the answers.", [Problem(where, message)])
