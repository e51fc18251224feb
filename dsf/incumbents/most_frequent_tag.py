"""The tagger that any other one must beat: each word gets the tag that it mostly had."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from dsf.core.errors import DataError, HookError, Problem
from dsf.core.excerpts import excerpt
from dsf.core.tag_predictions import TagPredictions
from dsf.core.tagging import repair_tags, spans_to_tags, tags_to_spans
from dsf.incumbents.asked_rows import check_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

__all__ = ["MostFrequentTag"]

_SUFFIX = 3
_WITHOUT_TOKENS = "It is for tagged rows; texts with labels have text_baseline."


class MostFrequentTag:
    """Gives each word its most frequent tag of the training rows.

    A word that was never seen gets the tag of its lower-cased form, else the tag of the words
    with its last three letters, else the tag that is most frequent of all. The usual baseline of
    tagging (Jurafsky & Martin, Speech and Language Processing, 3rd edition, section 17.2).

    Args:
        tags: All tags, in the order of their numbers; the first one wins a tie.
        scheme: How tags make entities, one of :data:`dsf.core.tagging.SCHEMES`; ``None`` if each
            tag stands alone.
    """

    def __init__(self, tags: Sequence[str], scheme: str | None = None) -> None:
        self.tags = list(tags)
        self.scheme = scheme
        self._answers: Mapping[str, tuple[str, float]] | None = None

    def fit(self, rows: pd.DataFrame, validation: pd.DataFrame | None = None) -> None:  # noqa: ARG002
        """Count the tags of words.

        Args:
            rows: Have the columns ``tokens`` and ``tags``, one list a row each.
            validation: Not used: there is nothing to choose.

        Raises:
            ConfigError: If the rows have no tokens and tags.
            DataError: If no row has a token, or a tag is not among the tags.
        """
        check_columns(rows, ["tokens", "tags"], "most_frequent_tag", _WITHOUT_TOKENS)
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        pairs = Counter(
            pair
            for tokens, tags in zip(rows["tokens"], rows["tags"], strict=True)
            for pair in zip(tokens, tags, strict=True)
        )
        self._check(pairs)
        for (token, tag), count in pairs.items():
            for key in _keys(token):
                counts[key][tag] += count
        places = {tag: place for place, tag in enumerate(self.tags)}
        self._answers = {key: _most_frequent(found, places) for key, found in counts.items()}

    def predict(self, rows: pd.DataFrame, labels: Sequence[str] | None = None) -> TagPredictions:
        """Answer rows, with entities that follow the scheme if there is one.

        The confidence of a tag is its share among the tags that the word had, as it was before
        its mark was mended to follow the scheme.

        Args:
            rows: Have the columns ``row_id``, ``text``, ``tokens``, ``starts`` and ``tags``.
            labels: All tags, in place of those that it was made with.

        Raises:
            DataError: If an answered tag is not among these.
            HookError: If it has not been fitted.
        """
        found = [[self._answer(token) for token in tokens] for tokens in rows["tokens"]]
        answers = [[tag for tag, _ in row] for row in found]
        return TagPredictions(
            row_ids=rows["row_id"].to_numpy(),
            texts=rows["text"].tolist(),
            starts=[list(row) for row in rows["starts"]],
            tokens=[list(row) for row in rows["tokens"]],
            targets=[list(row) for row in rows["tags"]],
            predictions=[self._follow_scheme(row) for row in answers],
            confidences=[[share for _, share in row] for row in found],
            tags=self.tags if labels is None else list(labels),
            scheme=self.scheme,
        )

    def _answer(self, token: str) -> tuple[str, float]:
        if self._answers is None:
            raise HookError(
                "MostFrequentTag must be fitted before it answers, but is not. Call "
                "MostFrequentTag.fit(rows) first."
            )
        return next(self._answers[key] for key in _keys(token) if key in self._answers)

    def _follow_scheme(self, tags: list[str]) -> list[str]:
        """Mend the marks; an entity that would need a tag that there is not is left out."""
        if self.scheme is None:
            return tags
        mended, known = repair_tags(tags, self.scheme), set(self.tags)
        spans = [
            span
            for span in tags_to_spans(mended, self.scheme)
            if known.issuperset(mended[span.start : span.end])
        ]
        return spans_to_tags(spans, len(tags), self.scheme)

    def _check(self, pairs: Counter[tuple[str, str]]) -> None:
        unknown = sorted({tag for _, tag in pairs}.difference(self.tags))
        problems = []
        if not pairs:
            problems.append(Problem("tokens", "must be there to learn from, but no row has any."))
        if unknown:
            message = f"must be among {excerpt(self.tags, 20)}, but {excerpt(unknown, 20)} are not."
            problems.append(Problem("tags", message))
        if problems:
            raise DataError("The tags of words cannot be counted.", problems)


def _keys(token: str) -> tuple[str, ...]:
    """Name what is counted of a token, from itself to all tokens; a prefix keeps them apart."""
    lower = token.lower()
    return (f"is {token}", f"like {lower}", f"ends {lower[-_SUFFIX:]}", "any")


def _most_frequent(counts: Counter[str], places: dict[str, int]) -> tuple[str, float]:
    tag = min(counts, key=lambda tag: (-counts[tag], places[tag]))
    return tag, counts[tag] / counts.total()
