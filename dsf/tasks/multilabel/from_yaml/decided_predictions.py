"""Answers that were not made by comparing probabilities with thresholds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dsf.core.multilabel_predictions import MultiLabelPredictions

__all__ = ["DecidedPredictions"]


@dataclass(frozen=True)
class DecidedPredictions(MultiLabelPredictions):
    """Predictions of which a function of the config's own says which labels are answered.

    Attributes:
        decided: 1 where a label is answered, else 0. Shape: ``(rows, labels)``.
    """

    decided: np.ndarray

    @property
    def predictions(self) -> np.ndarray:
        """The answers. Shape: ``(rows, labels)``."""
        return self.decided.astype(np.int8)
