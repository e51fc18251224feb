"""What must hold for every incumbent that gives the tokens of a text their tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.tagging import check_tags

if TYPE_CHECKING:
    from dsf.core.tag_predictions import TagPredictions

__all__ = ["TaggerCase"]


class TaggerCase:
    """Proves that a tagger fits as an incumbent.

    Subclass it in a file of tests, and pytest runs it on your tagger::

        from dsf.data.readers import read_rows
        from dsf.testing import TaggerCase
        from trainer.old_gazetteer import OldGazetteer

        class TestOldGazetteer(TaggerCase):
            def make(self):
                return OldGazetteer("tests/cities.txt")

            def load(self):
                return read_rows("tests/sentences.iob2")

    You must write: :meth:`make` and :meth:`load`.
    """

    def make(self) -> Any:
        """Make the tagger, a new one on every call; it is fitted here if it has ``fit``."""
        raise NotImplementedError(f"{type(self).__name__} must write make()")

    def load(self) -> pd.DataFrame:
        """Give a few dozen rows with ``text``, ``tokens``, ``starts`` and ``tags``."""
        raise NotImplementedError(f"{type(self).__name__} must write load()")

    def test_every_token_is_answered_in_its_place(self) -> None:
        """Rows and their tokens come back in their order, next to the truth."""
        rows = self._rows().iloc[::-1]
        answers = self._answer(rows)
        np.testing.assert_array_equal(answers.row_ids, rows["row_id"].to_numpy())
        for name, found in (
            ("tokens", answers.tokens),
            ("tags", answers.targets),
            ("starts", answers.starts),
        ):
            assert [list(row) for row in found] == [list(row) for row in rows[name]], name

    def test_an_answer_belongs_to_its_row(self) -> None:
        """The order and the number of the rows change no answer."""
        rows = self._rows()
        straight = self._answer(rows).to_frame()
        turned = self._answer(rows.iloc[::-1]).to_frame().iloc[::-1].reset_index(drop=True)
        pd.testing.assert_frame_equal(turned, straight, obj="answers to the rows turned round")
        single = self._answer(rows.iloc[:1]).to_frame()
        pd.testing.assert_frame_equal(single, straight.iloc[:1], obj="answer to a single row")

    def test_answers_follow_the_scheme(self) -> None:
        """A user is shown whole entities; tags without a scheme stand alone."""
        answers = self._answer(self._rows())
        if answers.scheme is None:
            return
        problems = [
            problem
            for row, tags in zip(answers.row_ids, answers.predictions, strict=True)
            for problem in check_tags(tags, answers.scheme, f"row {row}")
        ]
        assert not problems, "\n".join(map(str, problems))

    def test_words_never_seen_are_answered(self) -> None:
        """Texts of tomorrow have words that no training row has."""
        rows = self._rows().iloc[:1].copy()
        count = len(rows["tokens"].iloc[0])
        words = [f"zzq{number}" for number in range(count)]
        rows["tokens"] = [words]
        rows["text"] = " ".join(words)
        rows["starts"] = [np.cumsum([0, *(len(word) + 1 for word in words)])[:-1].tolist()]
        (answered,) = self._answer(rows).predictions
        assert len(answered) == count

    def test_two_of_a_kind_answer_the_same(self) -> None:
        """Made and fitted twice, it gives the same answers twice."""
        rows = self._rows()
        first, second = self._answer(rows).to_frame(), self._answer(rows).to_frame()
        pd.testing.assert_frame_equal(second, first, obj="answers of the second tagger")

    def test_the_rows_stay_as_they_are(self) -> None:
        """Other steps read them too."""
        rows = self._rows()
        before, tagger = rows.copy(deep=True), self.make()
        before["tokens"] = [list(tokens) for tokens in rows["tokens"]]
        before["tags"] = [list(tags) for tags in rows["tags"]]
        if hasattr(tagger, "fit"):
            tagger.fit(rows)
        tagger.predict(rows)
        pd.testing.assert_frame_equal(rows, before, obj="rows after the answers")

    def _rows(self) -> pd.DataFrame:
        rows = self.load().reset_index(drop=True)
        # Ids that are no positions: a tagger that numbers the rows itself is found out.
        return rows.assign(row_id=np.arange(len(rows)) * 3 + 100)

    def _answer(self, rows: pd.DataFrame) -> TagPredictions:
        tagger = self.make()
        if hasattr(tagger, "fit"):
            tagger.fit(self._rows())
        answers: TagPredictions = tagger.predict(rows.copy())
        return answers
