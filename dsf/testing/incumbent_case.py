"""What must hold for every incumbent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.data import LabelLayout

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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

    With several outputs, or any number of labels a row, set ``label_kind`` and ``label_columns``; a
    tagger has :class:`dsf.testing.TaggerCase`.

    You must write: :meth:`make` and :meth:`load`.
    You may set: ``label_column``; ``label_kind`` and ``label_columns``.

    Attributes:
        label_column: Column of the labels in what :meth:`load` gives.
        label_kind: ``single``, ``multi_output`` or ``multilabel``.
        label_columns: One column for each output, or a 0/1 column for each label.
    """

    label_column: ClassVar[str] = "label"
    label_kind: ClassVar[str] = "single"
    label_columns: ClassVar[Sequence[str]] = ()

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
        if isinstance(answers, MultiLabelPredictions):
            truth = rows[list(answers.labels)].to_numpy()
            np.testing.assert_array_equal(answers.targets, truth)
            return
        for column, output in self._outputs(answers).items():
            np.testing.assert_array_equal(output.targets, rows[column].to_numpy())

    def test_an_answer_belongs_to_its_row(self) -> None:
        """The order and the number of the rows change no answer."""
        rows = self._rows()
        straight = self._answer(rows).to_frame()
        turned = self._answer(rows.iloc[::-1]).to_frame().iloc[::-1].reset_index(drop=True)
        pd.testing.assert_frame_equal(turned, straight, obj="answers to the rows turned round")
        single = self._answer(rows.iloc[:1]).to_frame()
        pd.testing.assert_frame_equal(single, straight.iloc[:1], obj="answer to a single row")

    def test_probabilities_follow_the_labels(self) -> None:
        """One column a label, in the order asked for; rows sum to 1 if they have one label."""
        rows, labels = self._rows(), self._labels()
        straight, turned = self._answer(rows), self._answer(rows, _turn(labels))
        if isinstance(straight, MultiLabelPredictions):
            columns = straight.to_frame().columns
            given = turned.to_frame()[columns]
            pd.testing.assert_frame_equal(given, straight.to_frame(), obj="labels turned round")
            return
        before, after = self._outputs(straight), self._outputs(turned)
        for column, names in self._by_column(labels).items():
            _check_order(before[column], after[column], names, len(rows))

    def test_a_label_never_seen_is_never_answered(self) -> None:
        """It has a column all the same, so that numbers can be compared."""
        if self.label_kind == "multilabel":
            return  # a label is a column of the rows: one that is not there cannot be asked for
        labels = _add_strange(self._labels())
        answers = self._outputs(self._answer(self._rows(), labels))
        for column, names in self._by_column(labels).items():
            output = answers[column]
            assert list(output.labels) == names, "the labels must be those that were asked for"
            assert names[-1] not in set(output.predictions.tolist())
            if output.probabilities is not None:
                gone = not output.probabilities[:, -1].any()
                assert gone, f"{names[-1]!r} must get probability 0"

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

    def _labels(self) -> Any:
        columns = tuple(self.label_columns) or (self.label_column,)
        return LabelLayout(self.label_kind, columns).names([self.load()])

    def _by_column(self, labels: Any) -> Mapping[str, list[Any]]:
        return labels if isinstance(labels, dict) else {self.label_column: labels}

    def _outputs(self, answers: Any) -> Mapping[str, Predictions]:
        if isinstance(answers, MultiOutputPredictions):
            return answers.outputs
        assert isinstance(answers, Predictions), f"must be predictions of dsf.core: {answers!r}"
        return {self.label_column: answers}

    def _answer(self, rows: pd.DataFrame, labels: Any = None) -> Any:
        incumbent = self.make()
        if hasattr(incumbent, "fit"):
            incumbent.fit(self._rows())
        return incumbent.predict(rows.copy(), self._labels() if labels is None else labels)


def _check_order(
    straight: Predictions, turned: Predictions, names: Sequence[Any], rows: int
) -> None:
    """Compare answers with those for the same labels in reverse."""
    np.testing.assert_array_equal(straight.predictions, turned.predictions)
    assert list(straight.labels) == names, "the labels must be those that were asked for"
    if straight.probabilities is None or turned.probabilities is None:
        return
    assert straight.probabilities.shape == (rows, len(names))
    np.testing.assert_allclose(straight.probabilities.sum(axis=1), 1.0, atol=1e-6)
    np.testing.assert_array_equal(straight.probabilities, turned.probabilities[:, ::-1])


def _turn(labels: Any) -> Any:
    if isinstance(labels, dict):
        return {output: names[::-1] for output, names in labels.items()}
    return labels[::-1]


def _add_strange(labels: Any) -> Any:
    """Add one more label of the same type."""
    if isinstance(labels, dict):
        return {output: _add_strange(names) for output, names in labels.items()}
    last = labels[-1]
    return [*labels, last + "x" if isinstance(last, str) else last + 1]
