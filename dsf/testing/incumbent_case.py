"""What must hold for every incumbent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from dsf.data import list_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.core.predictions import Predictions

__all__ = ["IncumbentCase"]


class IncumbentCase:
    """Proves that an incumbent fits.

    Subclass it in a file of tests, and pytest runs it on your incumbent::

        import pandas as pd

        from dsf.testing import IncumbentCase
        from trainer.old_rules import OldRules

        class TestOldRules(IncumbentCase):
            def make(self):
                return OldRules("tests/rules.json")

            def load(self):
                return pd.read_csv("tests/orders.csv")

    You must write: :meth:`make` and :meth:`load`.
    You may set: ``label_column``.

    Attributes:
        label_column: Column of the labels in what :meth:`load` gives.
    """

    label_column: ClassVar[str] = "label"

    def make(self) -> Any:
        """Make the incumbent, a new one on every call; it is fitted here if it has ``fit``."""
        raise NotImplementedError(f"{type(self).__name__} must write make()")

    def load(self) -> pd.DataFrame:
        """Give a few dozen labelled rows, several of each label."""
        raise NotImplementedError(f"{type(self).__name__} must write load()")

    def test_every_row_is_answered_in_its_place(self) -> None:
        """Ids and true labels come back in the order of the rows."""
        rows = self._rows().iloc[::-1]
        answers = self._answer(rows)
        np.testing.assert_array_equal(answers.row_ids, rows["row_id"].to_numpy())
        np.testing.assert_array_equal(answers.targets, rows[self.label_column].to_numpy())

    def test_an_answer_belongs_to_its_row(self) -> None:
        """The order and the number of the rows change no answer."""
        rows = self._rows()
        straight = self._answer(rows).to_frame()
        turned = self._answer(rows.iloc[::-1]).to_frame().iloc[::-1].reset_index(drop=True)
        pd.testing.assert_frame_equal(turned, straight, obj="answers to the rows turned round")
        single = self._answer(rows.iloc[:1]).to_frame()
        pd.testing.assert_frame_equal(single, straight.iloc[:1], obj="answer to a single row")

    def test_probabilities_follow_the_labels(self) -> None:
        """One column a label, in the order asked for; rows sum to 1."""
        rows, labels = self._rows(), self._labels()
        straight, turned = self._answer(rows), self._answer(rows, labels[::-1])
        np.testing.assert_array_equal(straight.predictions, turned.predictions)
        assert list(straight.labels) == labels, "the labels must be those that were asked for"
        if straight.probabilities is None or turned.probabilities is None:
            return
        assert straight.probabilities.shape == (len(rows), len(labels))
        np.testing.assert_allclose(straight.probabilities.sum(axis=1), 1.0, atol=1e-6)
        np.testing.assert_array_equal(straight.probabilities, turned.probabilities[:, ::-1])

    def test_a_label_never_seen_is_never_answered(self) -> None:
        """It has a column all the same, so that numbers can be compared."""
        rows, labels = self._rows(), [*self._labels(), *self._strange_label()]
        answers = self._answer(rows, labels)
        assert list(answers.labels) == labels, "the labels must be those that were asked for"
        assert labels[-1] not in set(answers.predictions.tolist())
        if answers.probabilities is not None:
            assert not answers.probabilities[:, -1].any(), f"{labels[-1]!r} must get probability 0"

    def test_two_of_a_kind_answer_the_same(self) -> None:
        """Made and fitted twice, it gives the same answers twice."""
        rows = self._rows()
        first, second = self._answer(rows).to_frame(), self._answer(rows).to_frame()
        pd.testing.assert_frame_equal(second, first, obj="answers of the second incumbent")

    def test_the_rows_stay_as_they_are(self) -> None:
        """Other steps read them too."""
        rows = self._rows()
        before, incumbent = rows.copy(deep=True), self.make()
        if hasattr(incumbent, "fit"):
            incumbent.fit(rows)
        incumbent.predict(rows, self._labels())
        pd.testing.assert_frame_equal(rows, before, obj="rows after the answers")

    def _rows(self) -> pd.DataFrame:
        rows = self.load().reset_index(drop=True)
        # Ids that are no positions: an incumbent that numbers the rows itself is found out.
        return rows.assign(row_id=np.arange(len(rows)) * 3 + 100)

    def _labels(self) -> list[Any]:
        return list(list_labels([self.load()[self.label_column]]))

    def _strange_label(self) -> list[Any]:
        """One more label of the same type."""
        last = self._labels()[-1]
        return [last + "x" if isinstance(last, str) else last + 1]

    def _answer(self, rows: pd.DataFrame, labels: Sequence[Any] | None = None) -> Predictions:
        incumbent = self.make()
        if hasattr(incumbent, "fit"):
            incumbent.fit(self._rows())
        asked = self._labels() if labels is None else list(labels)
        answers: Predictions = incumbent.predict(rows.copy(), asked)
        return answers
