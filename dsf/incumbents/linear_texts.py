"""Logistic regression on TF-IDF weights, for one or several columns of labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.pipeline import make_union  # type: ignore[import-untyped]

from dsf.core.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

__all__ = ["LinearTexts"]

# All but blanks and ASCII punctuation. The usual ``\w`` cuts words of Devanagari at their vowels.
_WORD = r"[^\s!-/:-@\[-`{-~]+"
_MANY_ROWS = 1000  # from so many on, what stands in one text only says nothing
_MOST_TERMS = 30_000  # of each sort; bounds the memory of a model with many labels
_STRENGTH = 10.0  # inverse of the penalty; rows of TF-IDF have length 1, which makes 1 too strong


class LinearTexts:
    """One linear model a column, all on the same weights.

    Words and pairs of words, and stretches of two to five characters inside of words, each
    counted as ``1 + log(count)`` and weighted by how rare it is (Salton & Buckley 1988). Such
    models are hard to beat on short texts (Wang & Manning 2012).

    Args:
        seed: Seed of the linear models.
    """

    def __init__(self, seed: int = 42) -> None:
        self.seed = seed

    def fit(self, texts: pd.Series, columns: Mapping[str, np.ndarray]) -> None:
        """Learn the weights of terms and a model a column.

        Args:
            texts: Shape: ``(rows,)``.
            columns: Name → a label a row.

        Raises:
            DataError: If there is no text, or none has a word.
        """
        self._terms = _make_terms(len(texts))
        try:
            weights = self._terms.fit_transform(texts.tolist())
        except ValueError as error:
            message = f"must hold words; the {len(texts)} given ones hold none."
            raise DataError("The baseline cannot learn.", [Problem("texts", message)]) from error
        self._models = {
            name: _fit_column(weights, labels, self.seed) for name, labels in columns.items()
        }

    def probabilities(
        self, texts: pd.Series, labels: Mapping[str, Sequence[Any]]
    ) -> dict[str, np.ndarray]:
        """Give the probabilities of labels.

        Args:
            texts: Shape: ``(rows,)``.
            labels: Column → the labels wanted. One that no training row has gets 0.

        Returns:
            Column → probabilities. Shape: ``(rows, labels)``.
        """
        weights = self._terms.transform(texts.tolist())
        return {
            name: _probabilities(self._models[name], weights, wanted)
            for name, wanted in labels.items()
        }


def _make_terms(rows: int) -> Any:
    shared = {
        "sublinear_tf": True,
        "min_df": 2 if rows >= _MANY_ROWS else 1,
        "max_features": _MOST_TERMS,
        "dtype": np.float32,
    }
    return make_union(
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=_WORD, **shared),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **shared),
    )


def _fit_column(weights: Any, labels: np.ndarray, seed: int) -> Any:
    classes = np.unique(labels)
    if len(classes) == 1:  # nothing to tell apart; LogisticRegression refuses that
        return classes[0]
    model = LogisticRegression(C=_STRENGTH, max_iter=300, random_state=seed)
    return model.fit(weights, labels)


def _probabilities(model: Any, weights: Any, wanted: Sequence[Any]) -> np.ndarray:
    found = np.zeros((weights.shape[0], len(wanted)))
    if not isinstance(model, LogisticRegression):
        found[:, [place for place, label in enumerate(wanted) if label == model]] = 1.0
        return found
    known = model.predict_proba(weights)
    places = {label: place for place, label in enumerate(model.classes_.tolist())}
    for place, label in enumerate(wanted):
        if label in places:
            found[:, place] = known[:, places[label]]
    return found
