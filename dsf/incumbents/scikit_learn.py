"""A scikit-learn classifier as the existing model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ScikitLearnIncumbent"]


class ScikitLearnIncumbent:
    """A classifier, fitted on the training rows of the run or brought along already fitted.

    Args:
        estimator: Has ``fit``, ``predict`` and, if it can, ``predict_proba``.
        features: Columns it learns from; one name gives it a column (of texts, say), several a
            table.
        label_column: Column of the labels.
    """

    def __init__(
        self, estimator: Any, features: str | Sequence[str], label_column: str = "label"
    ) -> None:
        self.estimator = estimator
        self.features = features if isinstance(features, str) else list(features)
        self.label_column = label_column

    def fit(self, rows: pd.DataFrame) -> None:
        """Fit the classifier on labelled rows."""
        self.estimator.fit(rows[self.features], rows[self.label_column].to_numpy())

    def predict(self, rows: pd.DataFrame, labels: Sequence[Any]) -> Predictions:
        """Answer rows.

        Args:
            rows: With their true labels and their ``row_id``.
            labels: All labels, in the order of the probabilities' columns; one that the
                classifier never saw gets probability 0.
        """
        ids, targets = rows["row_id"].to_numpy(), rows[self.label_column].to_numpy()
        if not hasattr(self.estimator, "predict_proba"):
            answers = self.estimator.predict(rows[self.features])
            return Predictions(ids, targets, answers, list(labels))
        known = self.estimator.predict_proba(rows[self.features])
        places = pd.Index(list(labels)).get_indexer(self.estimator.classes_)
        probabilities = np.zeros((len(rows), len(labels)))
        probabilities[:, places] = known
        return Predictions.from_probabilities(ids, targets, probabilities, labels)
