"""Tags of words become targets of tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.core.tagging import OUTSIDE, split_tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["TagTargets"]

_SHOWN = 20


class TagTargets:
    """Numbers the tags, and continues them over the tokens of a word.

    Args:
        tags: All tags, in the order of their numbers.
        scheme: ``iob2`` or ``bilou``, so that a word of several tokens reads as a span of them
            (``U`` becomes ``B I L``); ``None`` repeats the tag, as for parts of speech.
    """

    def __init__(self, tags: Sequence[str], scheme: str | None) -> None:
        self.numbers = {tag: number for number, tag in enumerate(tags)}
        forms = [_forms(tag, scheme) for tag in tags]
        self._forms = np.array(
            [[self.numbers.get(f, n) for f in own] for n, own in enumerate(forms)], np.int64
        ).reshape(-1, 4)

    def encode(self, row_tags: pd.Series) -> list[np.ndarray]:
        """Number the tags of each row.

        Raises:
            DataError: If a tag is unknown; lists row and token.
        """
        unknown = [
            (row, at, tag)
            for row, tags in enumerate(row_tags)
            for at, tag in enumerate(tags)
            if tag not in self.numbers
        ]
        if unknown:
            known = ", ".join(list(self.numbers)[:_SHOWN])
            problems = [
                Problem(f"row {row}, token {at}", f"must be one of {known}, but is {tag!r}.")
                for row, at, tag in unknown[:_SHOWN]
            ]
            if len(unknown) > _SHOWN:
                problems.append(Problem("", f"… and {len(unknown) - _SHOWN} more."))
            raise DataError("Every tag must be known.", problems)
        return [np.array([self.numbers[tag] for tag in tags], np.int64) for tags in row_tags]

    def spread(self, numbers: np.ndarray, is_first: np.ndarray, is_last: np.ndarray) -> Any:
        """Continue tags over tokens.

        Args:
            numbers: Tag of the word of each token. Shape: ``(tokens,)``.
            is_first: Whether the token is the first of its word. Shape: ``(tokens,)``.
            is_last: Whether it is the last. Shape: ``(tokens,)``.

        Returns:
            Tag of each token. Shape: ``(tokens,)``.
        """
        return self._forms[numbers, is_first + 2 * is_last]


def _forms(tag: str, scheme: str | None) -> tuple[str, str, str, str]:
    """Give a word's tag on its middle tokens, its first, its last, and its only one."""
    if scheme is None or tag == OUTSIDE:
        return (tag, tag, tag, tag)
    mark, label = split_tag(tag)
    first = f"{'B' if mark in 'BU' else 'I'}-{label}"
    last = f"{'L' if mark in 'LU' else 'I'}-{label}"
    return (f"I-{label}", first, last, tag)
