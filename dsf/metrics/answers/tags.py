"""A tag for each token of a row, and the entities that tags make."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from dsf.core.tagging import OUTSIDE, TokenSpan, split_tag, tags_to_spans
from dsf.metrics.answers.answers import Answers
from dsf.metrics.answers.label_sums import count_entries

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.core.tag_predictions import TagPredictions
    from dsf.metrics.statistics.row_kinds import RowKinds

__all__ = ["EntityAnswers", "TagAnswers"]


class TagAnswers(Answers):
    """Tags that stand alone, such as parts of speech: the labels are tags, the units tokens.

    Args:
        predictions: What the model answered.
    """

    kind: ClassVar[str] = "tags"

    def __init__(self, predictions: TagPredictions) -> None:
        self.predictions = predictions
        self.labels = list(predictions.tags)
        self.row_ids = np.asarray(predictions.row_ids)

    @cached_property
    def label_sums(self) -> RowKinds:
        """A row adds the true and the answered tag of each of its tokens, and the hits."""
        places = {tag: place for place, tag in enumerate(self.labels)}
        rows = np.repeat(np.arange(self.rows), self._sizes)
        true, answered = (
            np.fromiter((places[tag] for tag in chain.from_iterable(tags)), np.intp, len(rows))
            for tags in (self.predictions.targets, self.predictions.predictions)
        )
        hit = true == answered
        there, given = (np.column_stack([rows, codes]) for codes in (true, answered))
        return count_entries(there[hit], there, given, len(self.labels), self._right, self._sizes)

    @cached_property
    def _sizes(self) -> NDArray[np.intp]:
        """How many tokens each row has."""
        return np.array([len(tags) for tags in self.predictions.targets], dtype=np.intp)

    @cached_property
    def _right(self) -> NDArray[np.intp]:
        """How many tokens of each row have their true tag."""
        pairs = zip(self.predictions.targets, self.predictions.predictions, strict=True)
        return np.array(
            [sum(map(str.__eq__, true, answered)) for true, answered in pairs], dtype=np.intp
        )


class EntityAnswers(TagAnswers):
    """Entities that tags with a scheme make: the labels are theirs, the units tokens.

    They are read strictly, truth and answers alike: tags that break their scheme make none.
    """

    kind: ClassVar[str] = "entities"

    def __init__(self, predictions: TagPredictions) -> None:
        super().__init__(predictions)
        named = (split_tag(tag)[1] for tag in predictions.tags if tag != OUTSIDE)
        self.labels = list(dict.fromkeys(named))

    @cached_property
    def spans(self) -> tuple[list[set[TokenSpan]], list[set[TokenSpan]]]:
        """The true and the answered entities of each row: first token, last one plus one, label."""
        scheme = self.predictions.scheme
        assert scheme is not None
        true, answered = (
            [set(tags_to_spans(tags, scheme)) for tags in rows]
            for rows in (self.predictions.targets, self.predictions.predictions)
        )
        return true, answered

    @cached_property
    def label_sums(self) -> RowKinds:
        """A row adds its true and its answered entities; a hit has start, end and label."""
        places = {label: place for place, label in enumerate(self.labels)}
        true, answered = self.spans
        hits = [mine & theirs for mine, theirs in zip(true, answered, strict=True)]
        found, there, given = (
            [(row, places[label]) for row, spans in enumerate(kind) for _, _, label in spans]
            for kind in (hits, true, answered)
        )
        return count_entries(found, there, given, len(self.labels), self._right, self._sizes)
