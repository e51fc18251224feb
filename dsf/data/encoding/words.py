"""Encode tagged texts: tokens that know their words, in windows that lose nothing."""

from __future__ import annotations

import hashlib
import logging
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.excerpts import count
from dsf.data.encoding.cache import cache_key, encode_once
from dsf.data.encoding.chunks import hash_texts
from dsf.data.encoding.encoded_words import EncodedWords
from dsf.data.encoding.flat import flatten, starts_of
from dsf.data.encoding.plain_tokenizer import PlainTokenizer
from dsf.data.encoding.tag_targets import TagTargets
from dsf.data.encoding.word_batch import WordBatch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
    cache: Path | None = None,
    part: str = "",
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
        cache: Folder that keeps the arrays, by the hash of tokenizer, rows and settings. They are
            then memory-mapped and read-only. ``None`` keeps them in memory.
        part: What the rows are called in the log, such as ``train``.

    Returns:
        Windows, by row and place.

    Raises:
        DataError: If a row has unequal numbers of words, starts and tags, a word does not stand
            where it should, or a tag is unknown; lists the rows.
        ConfigError: If the tokenizer cannot be used, or the lengths leave no room.
        StorageError: If the cache cannot be written.
    """
    plain = PlainTokenizer.of(tokenizer)
    room = plain.room(max_length)
    if not 0 <= stride < room:
        message = f"must be from 0 to below {room}, the tokens of a window, but is {stride}."
        raise ConfigError("The texts cannot be encoded.", [Problem("stride", message)])
    _check_rows(rows, with_tags=tags is not None)
    table = None if tags is None else TagTargets(tags, scheme)
    numbers = None if table is None else table.encode(rows["tags"])
    encode = partial(
        _encode, rows, plain, table, numbers, room=room, stride=stride, every=tag_subtokens
    )
    if cache is None:
        encoded = encode()
    else:
        key = cache_key(
            plain,
            rows=_hash_rows(rows, numbers),
            max_length=max_length,
            stride=stride,
            tags=None if tags is None else list(tags),
            scheme=scheme,
            tag_subtokens=tag_subtokens,
        )
        encoded = encode_once(cache / key, EncodedWords, encode)
    _report(encoded, len(rows), max_length, f"{part}: " if part else "")
    return encoded


def _encode(
    rows: pd.DataFrame,
    plain: PlainTokenizer,
    table: TagTargets | None,
    numbers: list[np.ndarray] | None,
    *,
    room: int,
    stride: int,
    every: bool,
) -> EncodedWords:
    texts, words, starts = (rows[name].tolist() for name in ("text", "tokens", "starts"))
    gathered = _Gathered()
    for begin in range(0, len(texts), _BATCH):
        part = slice(begin, begin + _BATCH)
        batch = WordBatch(texts[part], words[part], starts[part], plain)
        if table is not None and numbers is not None:
            batch.add_targets(table, numbers[part], every=every)
        gathered.add(begin, batch, batch.windows(room, stride))
    return gathered.join()


def _hash_rows(rows: pd.DataFrame, numbers: list[np.ndarray] | None) -> str:
    """Hash rows that were checked: then place and length of a word say which word it is."""
    starts, counts = flatten([list(starts) for starts in rows["starts"]])
    sizes, _ = flatten([list(map(len, words)) for words in rows["tokens"]])
    digest = hashlib.sha256(hash_texts(rows["text"]).encode())
    for values in (counts, starts, sizes, *(numbers or ())):
        digest.update(values.tobytes())
    return digest.hexdigest()


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


def _report(encoded: EncodedWords, texts: int, max_length: int, prefix: str) -> None:
    """Say how many texts were cut into windows, and how many words no model will see."""
    windows = np.bincount(encoded.window_rows, minlength=texts)
    several = windows[windows > 1]
    if len(several):
        _LOG.info(
            "%s%d of %s are longer than %d tokens (max_length) and read in %s; nothing is left "
            "out.",
            prefix,
            len(several),
            count(texts, "text"),
            max_length,
            count(int(several.sum()), "window"),
        )
    if len(encoded.silent_words):
        _LOG.warning(
            "%sWords without a token of this tokenizer, which no model sees: %d; the first is word "
            "%d of row %d.",
            prefix,
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
