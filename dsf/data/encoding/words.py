"""Encode tagged texts: tokens that know their words, in windows that lose nothing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.excerpts import count
from dsf.data.encoding.encoded_words import EncodedWords
from dsf.data.encoding.flat import starts_of
from dsf.data.encoding.plain_tokenizer import PlainTokenizer
from dsf.data.encoding.tag_targets import TagTargets
from dsf.data.encoding.word_batch import WordBatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["encode_words"]

_LOG = logging.getLogger(__name__)
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
    texts, words, starts = (rows[name].tolist() for name in ("text", "tokens", "starts"))
    gathered = _Gathered()
    for begin in range(0, len(texts), _BATCH):
        part = slice(begin, begin + _BATCH)
        batch = WordBatch(texts[part], words[part], starts[part], plain)
        if table is not None and numbers is not None:
            batch.add_targets(table, numbers[part], every=tag_subtokens)
        gathered.add(begin, batch, batch.windows(room, stride))
    encoded = gathered.join()
    _report(encoded, len(texts), max_length)
    return encoded


class _Gathered:
    """Collects what the batches gave."""

    def __init__(self) -> None:
        self._fields = {name: [np.zeros(0, dtype)] for name, dtype in _DTYPES.items()}
        self._windows = [np.zeros((0, 2), np.int64)]
        self._silent = [np.zeros((0, 2), np.int64)]

    def add(
        self, begin: int, batch: WordBatch, windows: tuple[np.ndarray, dict[str, np.ndarray]]
    ) -> None:
        """Add the windows of a batch whose first text is row ``begin``."""
        shift = np.array([begin, 0])
        self._windows.append(windows[0] + shift)
        self._silent.append(batch.silent_words() + shift)
        for name, values in windows[1].items():
            self._fields[name].append(values.astype(_DTYPES[name], copy=False))

    def join(self) -> EncodedWords:
        window_rows, lengths = np.concatenate(self._windows).T
        return EncodedWords(
            **{name: np.concatenate(parts) for name, parts in self._fields.items()},
            offsets=starts_of(lengths),
            window_rows=np.ascontiguousarray(window_rows),
            silent_words=np.concatenate(self._silent),
        )


def _report(encoded: EncodedWords, texts: int, max_length: int) -> None:
    """Say how many texts were cut into windows, and how many words no model will see."""
    windows = np.bincount(encoded.window_rows, minlength=texts)
    several = windows[windows > 1]
    if len(several):
        _LOG.info(
            "%d of %s are longer than %d tokens (max_length) and read in %s; nothing is left out.",
            len(several),
            count(texts, "text"),
            max_length,
            count(int(several.sum()), "window"),
        )
    if len(encoded.silent_words):
        _LOG.warning(
            "Words without a token of this tokenizer, which no model sees: %d; the first is word "
            "%d of row %d.",
            len(encoded.silent_words),
            *encoded.silent_words[0][::-1],
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
