"""Tokens of some tagged texts at once, and the words that they belong to."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.data.encoding.encoded_words import IGNORED
from dsf.data.encoding.flat import flatten, piece_positions, starts_of
from dsf.data.encoding.windows import cut_windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.data.encoding.plain_tokenizer import PlainTokenizer
    from dsf.data.encoding.tag_targets import TagTargets

__all__ = ["WordBatch"]

_FILL = {"ids": 0, "words": -1, "owned": False, "first": False, "targets": IGNORED}


class WordBatch:
    """Texts put one behind the other, so that a step treats the tokens of all of them.

    Words and tokens count their characters through the whole batch, with one character between
    two texts: no token of a text can lie in a word of the next.

    Args:
        texts: The texts.
        words: The words of each.
        starts: Where they begin in their text.
        plain: The tokenizer.
    """

    def __init__(
        self,
        texts: Sequence[str],
        words: Sequence[Sequence[str]],
        starts: Sequence[Sequence[int]],
        plain: PlainTokenizer,
    ) -> None:
        self._plain = plain
        encodings = plain.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        self.ids, self.lengths = flatten([encoding.ids for encoding in encodings])
        self._first_word = starts_of(np.fromiter(map(len, words), np.int64, len(words)))
        spans = _flat_ints([encoding.offsets for encoding in encodings], 2 * len(self.ids))
        base = starts_of(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)[:-1]
        spans = spans.reshape(-1, 2) + np.repeat(base, self.lengths)[:, None]
        begins = np.fromiter(chain.from_iterable(starts), np.int64, self._first_word[-1])
        begins += np.repeat(base, np.diff(self._first_word))
        sizes = np.fromiter(map(len, chain.from_iterable(words)), np.int64, len(begins))
        self._find_words(spans, begins, begins + sizes)
        self.targets = np.full(len(self.ids), IGNORED, np.int64)

    def _find_words(self, spans: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> None:
        """Give each token the first word that its characters overlap, -1 if there is none."""
        self._word = np.searchsorted(ends, spans[:, 0], side="right")
        self._word[np.append(begins, np.iinfo(np.int64).max)[self._word] >= spans[:, 1]] = -1
        inside = self._word >= 0
        self.first, self._last = inside.copy(), inside.copy()
        self.first[1:] &= self._word[1:] != self._word[:-1]
        self._last[:-1] &= self._word[:-1] != self._word[1:]
        own = self._word - np.repeat(self._first_word[:-1], self.lengths)
        self.words = np.where(inside, own, -1)

    def add_targets(self, table: TagTargets, numbers: list[np.ndarray], *, every: bool) -> None:
        """Give tokens the tags of their words.

        Args:
            table: Continues tags over the tokens of a word.
            numbers: The number of each word's tag, text by text.
            every: Whether all tokens of a word have a target; otherwise its first one has.
        """
        at = self._word >= 0 if every else self.first
        targets = np.concatenate([*numbers, np.zeros(0, np.int64)])[self._word[at]]
        if every:
            targets = table.spread(targets, self.first[at], self._last[at])
        self.targets[at] = targets

    def silent_words(self) -> np.ndarray:
        """Give the text and the number of words without a token. Shape: ``(silent, 2)``."""
        seen = np.zeros(self._first_word[-1], bool)
        seen[self._word[self.first]] = True
        silent = np.flatnonzero(~seen)
        rows = np.searchsorted(self._first_word, silent, side="right") - 1
        return np.stack([rows, silent - self._first_word[rows]], axis=1)

    def windows(self, room: int, stride: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Cut the texts into windows, with the special tokens around each.

        Args:
            room: Most tokens of a window, without special ones.
            stride: Tokens that neighbours share.

        Returns:
            The text and the length of each window. Shape: ``(windows, 2)``. And the fields of
            :class:`EncodedWords` that have a value for each token.
        """
        windows = self._cut(room, stride)
        row, start, end, owned_start, owned_end = windows.T
        before = starts_of(self.lengths)[row]
        size = end - start
        source = piece_positions(before + start, size)
        whole = size + self._plain.special_count
        edge = starts_of(whole)
        target = piece_positions(edge[:-1] + len(self._plain.prefix), size)
        place = source - np.repeat(before, size)
        owned = (place >= np.repeat(owned_start, size)) & (place < np.repeat(owned_end, size))
        values: dict[str, np.ndarray] = {
            "ids": self.ids[source],
            "words": self.words[source],
            "owned": owned,
            "first": self.first[source] & owned,
            "targets": np.where(owned, self.targets[source], IGNORED),
        }
        fields = {}
        for name, cells in values.items():
            fields[name] = np.full(edge[-1], _FILL[name], cells.dtype)
            fields[name][target] = cells
        for at, token in enumerate(self._plain.prefix):
            fields["ids"][edge[:-1] + at] = token
        for at, token in enumerate(reversed(self._plain.suffix), start=1):
            fields["ids"][edge[1:] - at] = token
        return np.stack([row, whole], axis=1), fields

    def _cut(self, room: int, stride: int) -> np.ndarray:
        """Give text, start, end and what is owned of each window. Shape: ``(windows, 5)``."""
        fits = np.flatnonzero(self.lengths <= room)
        none, all_of = np.zeros(len(fits), np.int64), self.lengths[fits]
        single = np.stack([fits, none, all_of, none, all_of], axis=1)
        several = [
            (row, *window)
            for row in np.flatnonzero(self.lengths > room).tolist()
            for window in cut_windows(int(self.lengths[row]), room, stride)
        ]
        windows = np.concatenate([single, np.array(several, np.int64).reshape(-1, 5)])
        return windows[np.argsort(windows[:, 0], kind="stable")]


def _flat_ints(lists: list[Any], total: int) -> np.ndarray:
    pairs = chain.from_iterable(lists)
    return np.fromiter(chain.from_iterable(pairs), np.int64, total)
