"""From which confidence on a model answers, and what came of it on validation rows."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from dsf.core.atomic import write_json
from dsf.core.errors import RunNotFoundError
from dsf.metrics.selective.confidence import row_confidence

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["Abstention"]

_ABOUT = (
    "A row is answered if its confidence is above `confidence`. The confidence of a row is the "
    "lowest probability among its answers, after calibration; that of a no is 1 minus the "
    "probability of the yes. It is from 0 to 1: above -1 every row is answered, above 1 none."
)


@dataclass(frozen=True)
class Abstention:
    """When a model keeps still.

    Attributes:
        confidence: A row is answered above it, not at it; 1: none is; -1: all are, those of
            confidence 0 too.
        wish: ``risk`` or ``coverage``.
        wished: The number that was wished.
        rows: Validation rows.
        answered: How many of them are answered.
        errors: How many of those are wrong.
        risk_at_most: What the risk is not above, with ``certainty``; ``None`` if no row is
            answered.
        certainty: How sure that is, from 0 to 1.
    """

    confidence: float
    wish: str
    wished: float
    rows: int
    answered: int
    errors: int
    risk_at_most: float | None
    certainty: float

    def measure(self, predictions: AnyPredictions) -> dict[str, Any]:
        """Say how many rows of others are answered, and how many of those wrongly.

        Args:
            predictions: Calibrated, as those were by which the confidence was chosen.

        Returns:
            ``rows``, ``answered``, ``errors``, ``coverage``, and ``risk``, which is ``None`` if no
            row is answered.
        """
        sure, right = row_confidence(predictions)
        answers = self.answers(sure)
        answered, errors = int(answers.sum()), int((answers & ~right).sum())
        return {
            "rows": len(sure),
            "answered": answered,
            "errors": errors,
            "coverage": answered / max(1, len(sure)),
            "risk": errors / answered if answered else None,
        }

    def answers(self, confidence: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Say which rows are answered. Shape: ``(rows,)``.

        Args:
            confidence: What :func:`row_confidence` gives. Shape: ``(rows,)``.
        """
        return confidence > self.confidence

    def write(self, path: Path) -> None:
        """Write it as JSON that says how it is applied, whole or not at all."""
        write_json(path, {"about": _ABOUT, **asdict(self)})

    @classmethod
    def read(cls, path: Path) -> Abstention:
        """Read what :meth:`write` wrote.

        Raises:
            RunNotFoundError: If there is no such file.
        """
        if not path.is_file():
            raise RunNotFoundError(f"{path}: an abstention must be here, but is not.")
        content = json.loads(path.read_text(encoding="utf-8"))
        content.pop("about")
        return cls(**content)
