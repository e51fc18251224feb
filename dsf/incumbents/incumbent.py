"""The contract of an incumbent, and a base for those that answer in plain forms."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, final

from dsf.core.errors import ConfigError, Problem
from dsf.core.excerpts import excerpt
from dsf.data import LabelLayout
from dsf.incumbents.answers import WantedAnswers, read_answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["Incumbent"]

log = logging.getLogger("dsf")


class Incumbent(ABC):
    """A model that is in use already, which answers the rows that the new one is tested on.

    The contract of every incumbent, derived from this class or not, is ``predict(rows, labels)``,
    which gives predictions of :mod:`dsf.core` for the rows in their order, and, if it learns,
    ``fit(rows, validation)``. :func:`dsf.incumbents.answer_with_incumbent` calls ``fit``, then
    ``predict``. This base makes predictions of plain answers and checks them: labels,
    probabilities, tags or entities, in any form of
    :func:`dsf.incumbents.answers.read_answers`.

    You must write: :meth:`answer`.
    You may write: :meth:`fit`.

    Args:
        text_column: Column of the texts.
        label_columns: Column of the labels, or one for each output, or a 0/1 column a label.
        label_kind: ``single``, ``multi_output``, ``multilabel`` or ``tags``.
        label_names: All labels, as ``model_config.label_names`` has them; ``None``: those of the
            rows seen.
        tag_scheme: How tags make entities; ``None`` if each stands alone.
        label_map: What the model calls a label → what the rows call it.
        thresholds: Of ``multilabel``: from which probability on a label is answered; one for all,
            or one a label.

    Attributes:
        notes: What a person who reads the comparison must know of the answers, in sentences.
    """

    def __init__(
        self,
        *,
        text_column: str = "text",
        label_columns: str | Sequence[str] = "label",
        label_kind: str = "single",
        label_names: Any = None,
        tag_scheme: str | None = None,
        label_map: Mapping[Any, Any] | None = None,
        thresholds: float | Mapping[str, float] = 0.5,
    ) -> None:
        self.text_column = text_column
        self.label_columns = (
            [label_columns] if isinstance(label_columns, str) else list(label_columns)
        )
        self.label_kind = label_kind
        self.label_names = label_names
        self.tag_scheme = tag_scheme
        self.label_map = dict(label_map or {})
        self.thresholds = thresholds
        self.notes: list[str] = []

    def fit(self, rows: pd.DataFrame, validation: pd.DataFrame | None = None) -> None:  # noqa: B027
        """See the training rows. As it stands: learns nothing, for the model is in use already.

        Args:
            rows: Training rows with their labels.
            validation: Validation rows.
        """

    @abstractmethod
    def answer(self, rows: pd.DataFrame, labels: Any) -> Any:
        """Answer rows, in their order.

        Args:
            rows: Without their labels, so that nothing can be answered from the truth.
            labels: All labels that there are: a list, or a list for each output.

        Returns:
            One answer a row, in any form of :func:`dsf.incumbents.answers.read_answers`.
        """

    @final
    def predict(self, rows: pd.DataFrame, labels: Any = None) -> AnyPredictions:
        """Give the answers next to the truth.

        Args:
            rows: With their true labels and their ``row_id``.
            labels: All labels, in place of ``label_names``.

        Raises:
            IncumbentError: If there are no answers, or they cannot be used.
            ConfigError: If ``label_map`` leads to what is no label.
        """
        wanted = self._want(rows, labels)
        answers = self.answer(wanted.hide_labels(rows).reset_index(drop=True), wanted.names)
        read = read_answers(answers, rows.reset_index(drop=True), wanted, self.name())
        unheard = [name for name in self.label_map if name in wanted.unheard - self.knows()]
        if unheard and len(rows):
            log.warning(
                "label_map has %s, which no answer of %s names: look for a typing error",
                excerpt(unheard, 20),
                self.name(),
            )
        return read

    def knows(self) -> set[Any]:
        """Give what labels the model knows by, besides those that it has answered with.

        As it stands: none. It serves to find typing errors in ``label_map``.
        """
        return set()

    def name(self) -> str:
        """Give what the model is called in messages."""
        return type(self).__name__

    def _want(self, rows: pd.DataFrame, labels: Any) -> WantedAnswers:
        tagged = self.label_kind == "tags"
        columns = ("tags",) if tagged else tuple(self.label_columns)
        layout = LabelLayout(self.label_kind, columns, self.tag_scheme)
        absent = [name for name in columns if name not in rows]
        if absent:
            message = f"must be columns of the rows, but {absent} are not."
            raise ConfigError("The answers have no truth.", [Problem("label_columns", message)])
        given = self.label_names if labels is None else labels
        names = layout.names([rows]) if given is None else given
        wanted = WantedAnswers(
            self.label_kind, columns, names, self.tag_scheme, self.label_map, self.thresholds
        )
        if given is not None:  # else there may be labels that these rows have not
            wanted.check_label_map()
        return wanted
