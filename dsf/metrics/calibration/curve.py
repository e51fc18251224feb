"""A rising curve from what a model says to how often it is so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["IsotonicCurve"]


@dataclass(frozen=True)
class IsotonicCurve:
    """Straight lines between points that rise; level before the first and behind the last.

    Attributes:
        given: Probabilities that the model gives, ascending.
        calibrated: What they are changed to, ascending.

    Source: Zadrozny and Elkan 2002, "Transforming classifier scores into accurate multiclass
    probability estimates", https://doi.org/10.1145/775047.775151.
    """

    given: tuple[float, ...]
    calibrated: tuple[float, ...]

    @classmethod
    def of_label(
        cls, probabilities: NDArray[np.float64], true: NDArray[np.bool_]
    ) -> IsotonicCurve | None:
        """Find the rising curve with the lowest squared error.

        It stays as far from 0 and 1 as the number of rows asks for: of n rows that are all right,
        the next one is by Laplace's rule of succession with the probability 1 - 1 / (n + 2).

        Args:
            probabilities: Of the label. Shape: ``(rows,)``.
            true: Whether a row has it. Shape: ``(rows,)``.

        Returns:
            ``None`` if rows lack that have the label, or that have it not.
        """
        from sklearn.isotonic import IsotonicRegression  # type: ignore[import-untyped]

        if true.all() or not true.any():
            return None
        margin = 1 / (len(true) + 2)
        model = IsotonicRegression(y_min=margin, y_max=1 - margin, out_of_bounds="clip")
        model.fit(probabilities, true.astype(np.float64))
        return cls(tuple(map(float, model.X_thresholds_)), tuple(map(float, model.y_thresholds_)))

    def of_each(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Change probabilities of the label. Shape: any."""
        changed = np.interp(probabilities, self.given, self.calibrated)
        return np.asarray(changed, dtype=np.float64)

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {"given": list(self.given), "calibrated": list(self.calibrated)}
