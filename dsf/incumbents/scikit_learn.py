"""A scikit-learn classifier as the existing model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.dummy import DummyClassifier  # type: ignore[import-untyped]
from sklearn.exceptions import NotFittedError  # type: ignore[import-untyped]

from dsf.core.errors import DataError, HookError, Problem
from dsf.core.excerpts import excerpt
from dsf.core.places import find_own_place
from dsf.core.predictions import Predictions
from dsf.incumbents.asked_rows import check_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

__all__ = ["ScikitLearnIncumbent"]

_SHOWN = 20


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
        self._only: Any = None

    def fit(self, rows: pd.DataFrame, validation: pd.DataFrame | None = None) -> None:  # noqa: ARG002
        """Fit the classifier on labelled rows.

        Where all rows have one label, that one is always answered: there is nothing to learn,
        and most classifiers refuse it.

        Args:
            rows: With features and labels.
            validation: Not used: there is nothing to choose.

        Raises:
            ConfigError: If a feature is not there.
            DataError: If it cannot learn from the features.
            HookError: If it is no classifier.
        """
        self._check(rows)
        if not hasattr(self.estimator, "fit"):
            raise HookError(f"{self._name()} must have fit to learn from rows, but has none.")
        labels = rows[self.label_column].to_numpy()
        self._only = None
        if len(rows) and len(np.unique(labels)) == 1:
            self._only = DummyClassifier().fit(rows, labels)
            return
        self._call(self.estimator.fit, rows[self.features], labels)

    def predict(self, rows: pd.DataFrame, labels: Sequence[Any]) -> Predictions:
        """Answer rows, with probabilities if the classifier has ``predict_proba``.

        Args:
            rows: With their true labels and their ``row_id``.
            labels: All labels, in the order of the probabilities' columns; one that the
                classifier never saw gets probability 0.

        Raises:
            ConfigError: If a feature is not there.
            DataError: If the classifier knows a label that is not among these, answers with
                one, or cannot answer from the features.
            HookError: If it is no classifier, or has not been fitted.
        """
        self._check(rows)
        ids, targets = rows["row_id"].to_numpy(), rows[self.label_column].to_numpy()
        classes = self._classes_among(labels)
        if not hasattr(self._answering, "predict_proba"):
            return Predictions(ids, targets, self._ask("predict", rows), list(labels))
        known = self._ask("predict_proba", rows)
        if known.shape != (len(rows), len(classes)):
            raise HookError(
                f"{self._name()}.predict_proba must give the shape {(len(rows), len(classes))} "
                f"(rows, classes_), but gave {known.shape}."
            )
        places = {label: place for place, label in enumerate(labels)}
        probabilities = np.zeros((len(rows), len(labels)))
        probabilities[:, [places[label] for label in classes]] = known
        return Predictions.from_probabilities(ids, targets, probabilities, labels)

    @property
    def _answering(self) -> Any:
        """What answers: the estimator, unless there was one label only."""
        return self.estimator if self._only is None else self._only

    def _ask(self, method: str, rows: pd.DataFrame) -> np.ndarray:
        try:
            answer = self._call(getattr(self._answering, method), rows[self.features])
        except NotFittedError as error:
            raise HookError(
                f"{self._name()} must be fitted before it answers, but is not. Call "
                "ScikitLearnIncumbent.fit(rows) first, or give it a fitted model."
            ) from error
        return np.asarray(answer)

    def _check(self, rows: pd.DataFrame) -> None:
        """Refuse what is no classifier, and rows without the features."""
        if not any(hasattr(self.estimator, name) for name in ("predict_proba", "predict")):
            raise HookError(
                f"{self._name()} must have predict_proba or predict, but has neither. Give "
                "ScikitLearnIncumbent a classifier."
            )
        kind = _kind_of(self.estimator)
        if kind not in (None, "classifier"):
            raise HookError(
                f"{self._name()} must be a classifier, but is a {kind}. Give ScikitLearnIncumbent "
                "one that answers with labels, such as sklearn.linear_model.LogisticRegression."
            )
        features = [self.features] if isinstance(self.features, str) else self.features
        check_columns(rows, features, "features")

    def _call(self, method: Callable[..., Any], features: Any, *labels: Any) -> Any:
        """Call the estimator; what it says of features that it cannot take is told with advice."""
        try:
            return method(features, *labels)
        except NotFittedError:
            raise
        except (ValueError, TypeError) as error:
            if find_own_place(error):
                raise  # out of a class of the user's, which is named by whoever called us
            said = str(error).strip().partition("\n")[0].rstrip(".")
            message = f"must be what {self._name()} can take, but it says: {said}. {self._advise()}"
            raise DataError(
                "The existing model cannot be asked.", [Problem("features", message)]
            ) from error

    def _advise(self) -> str:
        if isinstance(self.features, str):
            return (
                f"As a name alone it is given one column. As a list, [{self.features}], it is "
                "given a table; a column of texts needs a vectorizer before it, as "
                "sklearn.pipeline.make_pipeline makes."
            )
        return (
            "Name columns of numbers without gaps, or put what prepares them (SimpleImputer, "
            "OneHotEncoder) before it by sklearn.pipeline.make_pipeline."
        )

    def _classes_among(self, labels: Sequence[Any]) -> list[Any]:
        """List the labels that the classifier knows; none may be unknown to the data."""
        found = getattr(self._answering, "classes_", [])
        if any(np.ndim(label) for label in found):
            raise HookError(
                f"{self._name()} must give a row one label, but gives it {len(found)}. Give "
                "ScikitLearnIncumbent a classifier for one of them."
            )
        classes: list[Any] = np.asarray(found).tolist()
        unknown = [label for label in classes if label not in labels]
        if unknown:
            raise DataError(
                "The existing model may know only labels that the data has.",
                [Problem(f"{self._name()}.classes_", _say_unknown(unknown, classes, labels))],
            )
        return classes

    def _name(self) -> str:
        return type(self.estimator).__name__


def _say_unknown(unknown: list[Any], classes: list[Any], labels: Sequence[Any]) -> str:
    said = (
        f"knows {excerpt(unknown, _SHOWN)}, which the data has not. The model knows "
        f"{excerpt(classes, _SHOWN)}, the data has {excerpt(labels, _SHOWN)}. "
    )
    as_text = {str(label): label for label in labels}
    twins = [(label, as_text[str(label)]) for label in unknown if str(label) in as_text]
    if twins:
        mine, theirs = twins[0]
        said += (
            f"They differ in type: {mine!r} is {_kind(mine)}, {theirs!r} is {_kind(theirs)}. "
            "Turn the labels of the data into the model's type where they are loaded."
        )
    else:
        said += (
            "Map the labels of the one to those of the other, fit the model on these labels, or "
            "name its labels in model_config.label_names too."
        )
    return said


def _kind(label: Any) -> str:
    return {"int": "a whole number", "str": "a text"}.get(
        type(label).__name__, f"a {type(label).__name__}"
    )


def _kind_of(estimator: Any) -> str | None:
    """Say what kind of estimator it is, as scikit-learn calls it; ``None`` if it does not say."""
    tags = getattr(estimator, "__sklearn_tags__", None)
    return None if tags is None else tags().estimator_type
