"""Encode tagged texts: tokens that know their words, in windows that lose nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.data.encoding.encoded_words import IGNORED, EncodedWords
from dsf.data.encoding.flat import starts_of
from dsf.data.encoding.plain_tokenizer import PlainTokenizer
from dsf.data.encoding.tag_targets import TagTargets
from dsf.data.encoding.windows import Window, cut_windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["encode_words"]

_BATCH = 4096  # texts that the tokenizer gets at once; its answers with offsets are large
_SHOWN = 20
_DTYPES = {"ids": np.int32, "words": np.int32, "owned": bool, "first": bool, "targets": np.int64}


def encode_words(
    rows: pd.DataFrame,
    tokenizer: Any,
    *,
    max_length: int,
    stride: int = 0,
    tags: Sequence[str] | None = None,
    scheme: str | None = None,
    tag_subtokens: bool = False,
) -> EncodedWords:
    """Encode texts whose words have a place, and maybe a tag.

    The whole text is encoded, as a model reads it. A token belongs to the first word that its
    characters overlap. A text that is longer than ``max_length`` becomes several windows.

    Args:
        rows: Columns ``text``, ``tokens`` (the words), ``starts`` (character at which each
            begins, ascending), and ``tags`` (one a word) if ``tags`` is given.
        tokenizer: A ``tokenizers.Tokenizer`` or a fast tokenizer of transformers.
        max_length: Most tokens of a window, special tokens included.
        stride: Tokens that neighbouring windows of a text share.
        tags: All tags, in the order of their numbers; ``None`` makes no targets.
        scheme: ``iob2`` or ``bilou`` for spans, ``None`` for tags that stand alone.
        tag_subtokens: Whether every token of a word has a target, by the scheme; otherwise only
            its first has.

    Returns:
        Windows, by row and place.

    Raises:
        DataError: If a row has unequal numbers of words, starts and tags, a word does not stand
            where it should, or a tag is unknown; lists the rows.
        ConfigError: If the tokenizer cannot be used, or the lengths leave no room.
    """
    plain = PlainTokenizer.of(tokenizer)
    room = plain.room(max_length)
    if not 0 <= stride < room:
        message = f"must be from 0 to below {room}, the tokens of a window, but is {stride}."
        raise ConfigError("The texts cannot be encoded.", [Problem("stride", message)])
    _check_rows(rows, with_tags=tags is not None)
    table = None if tags is None else TagTargets(tags, scheme)
    numbers = None if table is None else table.encode(rows["tags"])
    parts: dict[str, list[np.ndarray]] = {name: [np.zeros(0, t)] for name, t in _DTYPES.items()}
    window_rows, lengths, silent = [], [], []
    row_words, row_starts = rows["tokens"].tolist(), rows["starts"].tolist()
    for row, encoding in enumerate(_encodings(rows["text"].tolist(), plain)):
        starts = np.asarray(row_starts[row], np.int64)
        ends = starts + np.fromiter(map(len, row_words[row]), np.int64, len(starts))
        own = _Row(encoding, starts, ends)
        if table is not None and numbers is not None:
            own.add_targets(table, numbers[row], every=tag_subtokens)
        silent += [(row, word) for word in own.silent_words(len(starts))]
        for window in cut_windows(len(own.ids), room, stride):
            for name, values in own.window(window, plain).items():
                parts[name].append(values)
            window_rows.append(row)
            lengths.append(window.end - window.start + plain.special_count)
    return EncodedWords(
        **{name: np.concatenate(p).astype(_DTYPES[name]) for name, p in parts.items()},
        offsets=starts_of(np.array(lengths, np.int64)),
        window_rows=np.array(window_rows, np.int64),
        silent_words=np.array(silent, np.int64).reshape(-1, 2),
    )


class _Row:
    """Tokens of one text, and the words that they belong to."""

    def __init__(self, encoding: Any, starts: np.ndarray, ends: np.ndarray) -> None:
        self.ids = np.array(encoding.ids, np.int32)
        spans = np.array(encoding.offsets, np.int64).reshape(-1, 2)
        self.words = np.searchsorted(ends, spans[:, 0], side="right")
        begin = np.append(starts, np.iinfo(np.int64).max)[self.words]
        self.words[begin >= spans[:, 1]] = -1
        inside = self.words >= 0
        self.first = inside.copy()
        self.first[1:] &= self.words[1:] != self.words[:-1]
        self.last = inside.copy()
        self.last[:-1] &= self.words[:-1] != self.words[1:]
        self.targets = np.full(len(self.ids), IGNORED, np.int64)

    def add_targets(self, table: TagTargets, numbers: np.ndarray, *, every: bool) -> None:
        at = self.words >= 0 if every else self.first
        targets = numbers[self.words[at]]
        if every:
            targets = table.spread(targets, self.first[at], self.last[at])
        self.targets[at] = targets

    def silent_words(self, count: int) -> np.ndarray:
        seen = np.zeros(count, bool)
        seen[self.words[self.first]] = True
        return np.flatnonzero(~seen)

    def window(self, window: Window, plain: PlainTokenizer) -> dict[str, np.ndarray]:
        """Cut a window, with the special tokens around it."""
        cut = slice(window.start, window.end)
        places = np.arange(window.start, window.end)
        owned = (places >= window.owned_start) & (places < window.owned_end)
        before, after = len(plain.prefix), len(plain.suffix)

        def pad(values: np.ndarray, fill: Any) -> np.ndarray:
            whole = np.full(before + len(values) + after, fill, values.dtype)
            whole[before : before + len(values)] = values
            return whole

        return {
            "ids": np.concatenate([plain.prefix, self.ids[cut], plain.suffix]),
            "words": pad(self.words[cut], -1),
            "owned": pad(owned, False),
            "first": pad(self.first[cut] & owned, False),
            "targets": pad(np.where(owned, self.targets[cut], IGNORED), IGNORED),
        }


def _encodings(texts: list[str], plain: PlainTokenizer) -> Any:
    for start in range(0, len(texts), _BATCH):
        yield from plain.tokenizer.encode_batch(
            texts[start : start + _BATCH], add_special_tokens=False
        )


def _check_rows(rows: pd.DataFrame, *, with_tags: bool) -> None:
    columns = ["text", "tokens", "starts", *(["tags"] if with_tags else [])]
    missing = [name for name in columns if name not in rows.columns]
    if missing:
        problems = [Problem(name, "must be a column of the rows, but is not.") for name in missing]
        raise DataError("The rows cannot be encoded.", problems)
    faults = [_fault(*values) for values in zip(*(rows[name] for name in columns), strict=True)]
    found = [Problem(f"row {row}", fault) for row, fault in enumerate(faults) if fault]
    if len(found) > _SHOWN:
        found = [*found[:_SHOWN], Problem("", f"… and {len(found) - _SHOWN} rows more.")]
    if found:
        raise DataError("The rows cannot be encoded.", found)


def _fault(text: Any, words: Any, starts: Any, tags: Any = None) -> str:
    if not isinstance(text, str):
        return f"the text must be a string, but is {text!r}."
    if len(words) != len(starts):
        return f"must have a start for each of {len(words)} tokens, but has {len(starts)}."
    if tags is not None and len(words) != len(tags):
        return f"must have a tag for each of {len(words)} tokens, but has {len(tags)}."
    end = 0
    for at, (word, start) in enumerate(zip(words, starts, strict=True)):
        if start < end or not word or text[start : start + len(word)] != word:
            return f"token {at} must be {word!r} at character {start}, after the one before it."
        end = start + len(word)
    return ""
