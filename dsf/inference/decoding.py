"""From what a network says of tokens to tags of words: the most probable that follow a scheme."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dsf.core.tagging import split_tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.data.encoding import EncodedWords

__all__ = ["decode_tags", "spread_words"]

_NEVER = -1e9


def decode_tags(probabilities: np.ndarray, tags: Sequence[str], scheme: str | None) -> np.ndarray:
    """Choose a tag for each word, so that together they are as probable as the scheme allows.

    Source: Viterbi 1967, https://doi.org/10.1109/TIT.1967.1054010, with all transitions that the
    scheme allows equally likely.

    Args:
        probabilities: Of each tag for each word. Shape: ``(words, tags)``.
        tags: All tags, in the order of the columns.
        scheme: ``iob2`` or ``bilou``; ``None`` takes the most probable tag of each word.

    Returns:
        Numbers of the tags. Shape: ``(words,)``.
    """
    best: np.ndarray = probabilities.argmax(axis=1)
    if scheme is None or not len(best):
        return best
    first, steps, last = _allowed(tuple(tags), scheme)
    if first[best[0]] == 0 and last[best[-1]] == 0 and not steps[best[:-1], best[1:]].any():
        return best  # nearly always: what is most probable word by word follows the scheme
    logs = np.log(np.maximum(probabilities, 1e-12))
    score = logs[0] + first
    came_from = np.empty(probabilities.shape, dtype=np.int64)
    for word in range(1, len(logs)):
        reached = score[:, None] + steps
        came_from[word] = reached.argmax(axis=0)
        score = reached.max(axis=0) + logs[word]
    path = [int((score + last).argmax())]
    for word in range(len(logs) - 1, 0, -1):
        path.append(int(came_from[word, path[-1]]))
    return np.array(path[::-1], dtype=np.int64)


@lru_cache(maxsize=32)
def _allowed(tags: tuple[str, ...], scheme: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give 0 where a tag may begin a row, follow another, and end a row; else far below 0."""
    pairs = [split_tag(tag) for tag in tags]
    goes_on = {"iob2": ("I",), "bilou": ("I", "L")}[scheme]
    must_go_on = {"iob2": (), "bilou": ("B", "I")}[scheme]
    may_go_on = ("B", "I")
    steps = np.zeros((len(tags), len(tags)))
    for left, (mark, label) in enumerate(pairs):
        for right, (then, other) in enumerate(pairs):
            continues = then in goes_on
            fits = mark in may_go_on and label == other
            if (continues and not fits) or (mark in must_go_on and not continues):
                steps[left, right] = _NEVER
    first = np.array([_NEVER if mark in goes_on else 0.0 for mark, _ in pairs])
    last = np.array([_NEVER if mark in must_go_on else 0.0 for mark, _ in pairs])
    return first, steps, last


def spread_words(
    encoded: EncodedWords, tokens: np.ndarray, sizes: Sequence[int], fill: float
) -> list[np.ndarray]:
    """Give each word what its first token has, row by row.

    Args:
        encoded: The rows, in windows.
        tokens: Values of each token. Shape: ``(tokens, tags)``.
        sizes: Words of each row. Shape: ``(rows,)``.
        fill: Value of a word without a token of its own, which no model sees.

    Returns:
        One array a row. Shape of each: ``(words, tags)``.
    """
    before = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    words = np.full((before[-1], tokens.shape[1]), fill, dtype=tokens.dtype)
    rows = np.repeat(encoded.window_rows, encoded.lengths)
    at = encoded.first
    words[before[rows[at]] + encoded.words[at]] = tokens[at]
    return [words[first:last] for first, last in pairwise(before)]
