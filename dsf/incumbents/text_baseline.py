"""The classifier of texts that any other one must beat: TF-IDF and a linear model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import ConfigError, DataError, HookError, Problem
from dsf.core.excerpts import excerpt
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.data import list_labels
from dsf.incumbents.asked_rows import check_texts
from dsf.incumbents.linear_texts import LinearTexts
from dsf.metrics import best_thresholds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

__all__ = ["TextBaseline"]

_KINDS = ("single", "multi_output", "multilabel")
_THRESHOLD = 0.5
_WITHOUT_TEXTS = (
    "Rows without texts have dsf.incumbents.ScikitLearnIncumbent, which learns from `features`."
)


class TextBaseline:
    """Answers texts by logistic regression on the weights of their words and characters.

    A label that no training row has gets the probability 0.

    Args:
        text_column: Column of the texts.
        label_columns: One column of labels (``single``), one for each output (``multi_output``),
            or one 0/1 column a label (``multilabel``).
        label_kind: What these columns mean: ``single``, ``multi_output`` or ``multilabel``.
        label_names: All labels in the order of the answers, as ``model_config.label_names`` has
            them: a list (``single``), or a list for each output (``multi_output``). Absent: those
            of the training rows. ``multilabel`` has its columns.
        seed: Seed of the linear model, whose answers do not depend on it up to rounding.
        threshold_options: How the thresholds of ``multilabel`` are chosen: arguments of
            :func:`dsf.metrics.best_thresholds`, such as ``search`` and ``metric``.

    Raises:
        ConfigError: If there is no such kind, or the number of columns does not suit it.
    """

    def __init__(
        self,
        text_column: str = "text",
        label_columns: str | Sequence[str] = "label",
        *,
        label_kind: str = "single",
        label_names: Any = None,
        seed: int = 42,
        threshold_options: Mapping[str, Any] | None = None,
    ) -> None:
        self.text_column = text_column
        self.label_columns = (
            [label_columns] if isinstance(label_columns, str) else list(label_columns)
        )
        self.label_kind = label_kind
        self.label_names = label_names
        self.seed = seed
        self.threshold_options = dict(threshold_options or {})
        self._model: LinearTexts | None = None
        self._check()

    def fit(self, rows: pd.DataFrame, validation: pd.DataFrame | None = None) -> None:
        """Learn from labelled rows.

        Args:
            rows: With texts and labels.
            validation: Rows on which the thresholds of ``multilabel`` are chosen; without them,
                all are 0.5. Other kinds have none.

        Raises:
            ConfigError: If there is no such column of texts.
            DataError: If there is no row, one has no text, or no text has a word.
        """
        self._check_texts(rows)
        columns = {name: rows[name].to_numpy() for name in self.label_columns}
        model = LinearTexts(self.seed)
        model.fit(rows[self.text_column], columns)
        self._model = model
        self._learned = {name: list_labels([rows[name]]) for name in self.label_columns}
        self._thresholds = np.full(len(self.label_columns), _THRESHOLD)
        if self.label_kind == "multilabel" and validation is not None:
            self._check_texts(validation)
            targets = validation[self.label_columns].to_numpy()
            found = self._multilabel(validation)
            self._thresholds = best_thresholds(targets, found, **self.threshold_options)

    def predict(
        self, rows: pd.DataFrame, labels: Any = None
    ) -> Predictions | MultiOutputPredictions | MultiLabelPredictions:
        """Answer rows.

        Args:
            rows: With texts, their true labels and their ``row_id``.
            labels: All labels, in place of ``label_names``.

        Raises:
            DataError: If a row, or a training row, has a label that is not among them.
            HookError: If it has not been fitted.
        """
        self._check_texts(rows)
        ids = rows["row_id"].to_numpy()
        if self.label_kind == "multilabel":
            targets, found = rows[self.label_columns].to_numpy(), self._multilabel(rows)
            return MultiLabelPredictions(ids, targets, found, self._thresholds, self.label_columns)
        model = self._fitted()
        names = self._names_of(labels)
        answers = model.probabilities(rows[self.text_column], names)
        outputs = {
            output: Predictions.from_probabilities(
                ids, rows[output].to_numpy(), answers[output], names[output]
            )
            for output in self.label_columns
        }
        if self.label_kind == "single":
            return outputs[self.label_columns[0]]
        return MultiOutputPredictions(outputs)

    def _names_of(self, labels: Any) -> dict[str, list[Any]]:
        """List the labels of each output; none that was learned may be missing."""
        given = self.label_names if labels is None else labels
        if given is None:
            return self._learned
        names = {self.label_columns[0]: given} if self.label_kind == "single" else given
        problems = [
            Problem(f"label_names of {output}", f"must name {excerpt(missing, 20)} too.")
            for output, learned in self._learned.items()
            if (missing := [label for label in learned if label not in names.get(output, ())])
        ]
        if problems:
            raise DataError("All labels of the training rows must be named.", problems)
        return {output: list(names[output]) for output in self.label_columns}

    def _multilabel(self, rows: pd.DataFrame) -> np.ndarray:
        """Give the probability of each label. Shape: ``(rows, labels)``."""
        names = {column: [1] for column in self.label_columns}
        found = self._fitted().probabilities(rows[self.text_column], names)
        return np.column_stack([found[column][:, 0] for column in self.label_columns])

    def _check_texts(self, rows: pd.DataFrame) -> None:
        check_texts(rows, self.text_column, _WITHOUT_TEXTS)

    def _fitted(self) -> LinearTexts:
        if self._model is None:
            raise HookError(
                "TextBaseline must be fitted before it answers, but is not. Call "
                "TextBaseline.fit(rows) first."
            )
        return self._model

    def _check(self) -> None:
        problems = []
        if self.label_kind not in _KINDS:
            message = f"must be one of {', '.join(_KINDS)}, but is {self.label_kind!r}."
            problems.append(Problem("label_kind", message))
        count = len(self.label_columns)
        if not count or (self.label_kind == "single" and count > 1):
            wanted = "one column" if self.label_kind == "single" else "one column or more"
            problems.append(Problem("label_columns", f"must be {wanted}, but are {count}."))
        if problems:
            raise ConfigError("The baseline cannot be made.", problems)
