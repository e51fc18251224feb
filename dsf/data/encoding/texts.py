"""Encode texts once, into flat arrays."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from dsf.core.excerpts import count
from dsf.data.encoding.cache import cache_key, encode_once
from dsf.data.encoding.chunks import hash_texts, text_chunks
from dsf.data.encoding.encoded_texts import EncodedTexts
from dsf.data.encoding.flat import piece_positions, starts_of
from dsf.data.encoding.plain_tokenizer import PlainTokenizer
from dsf.data.encoding.word_encoder import encode_by_texts, encode_by_words, is_word_by_word

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["encode_texts"]

_LOG = logging.getLogger(__name__)
_CHECKED = 64  # rows of each chunk that are encoded both ways


class _NotExactError(Exception):
    """The fast way gave other ids than the tokenizer."""


def encode_texts(
    texts: Any,
    tokenizer: Any,
    *,
    max_length: int,
    cache: Path | None = None,
    part: str = "",
) -> EncodedTexts:
    """Encode texts with their special tokens, without padding.

    The answer is that of the tokenizer, text by text; a padding or truncation that its file
    stores is not used. Where BERT's pre-tokenizer allows it, each distinct word is encoded once,
    which a sample of the rows checks against the tokenizer. A warning in the log counts the texts
    that lose their end.

    Args:
        texts: A list, a pandas Series, or an Arrow array of strings.
        tokenizer: A ``tokenizers.Tokenizer`` or a fast tokenizer of transformers.
        max_length: Most tokens of a text, special tokens included. Longer ones lose their end.
        cache: Folder that keeps the arrays, by the hash of tokenizer, length and texts. They are
            then memory-mapped and read-only. ``None`` keeps them in memory.
        part: What the texts are called in the log, such as ``train``.

    Returns:
        The encoded texts, in the order of ``texts``.

    Raises:
        DataError: If a text is missing or no string; lists the rows.
        ConfigError: If the tokenizer cannot be used, or ``max_length`` leaves no room.
        StorageError: If the cache cannot be written.
    """
    plain = PlainTokenizer.of(tokenizer)
    room = plain.room(max_length)
    encode = partial(_encode, texts, plain, room)
    if cache is None:
        encoded = encode()
    else:
        key = cache_key(plain, texts=hash_texts(texts), max_length=max_length)
        encoded = encode_once(cache / key, EncodedTexts, encode)
    if encoded.truncated:
        _LOG.warning(
            "%s%d of %s are cut at %d tokens (max_length) and lose their end.",
            f"{part}: " if part else "",
            encoded.truncated,
            count(len(encoded), "text"),
            max_length,
        )
    return encoded


def _encode(texts: Any, plain: PlainTokenizer, room: int) -> EncodedTexts:
    if is_word_by_word(plain.tokenizer):
        try:
            return _encode_chunks(texts, plain, room, by_words=True)
        except _NotExactError:
            _LOG.warning("Texts are encoded whole: word by word, this tokenizer answers otherwise.")
    return _encode_chunks(texts, plain, room, by_words=False)


def _encode_chunks(texts: Any, plain: PlainTokenizer, room: int, *, by_words: bool) -> EncodedTexts:
    parts, lengths, truncated = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)], 0
    for chunk in text_chunks(texts):
        encode = encode_by_words if by_words else encode_by_texts
        ids, own = encode(chunk, plain.tokenizer)
        if by_words:
            _check(chunk, ids, own, plain)
        truncated += int((own > room).sum())
        parts.append(_with_specials(ids, own, np.minimum(own, room), plain))
        lengths.append(np.minimum(own, room) + plain.special_count)
    return EncodedTexts(np.concatenate(parts), starts_of(np.concatenate(lengths)), truncated)


def _with_specials(
    ids: np.ndarray, own: np.ndarray, kept: np.ndarray, plain: PlainTokenizer
) -> np.ndarray:
    """Cut each text to the tokens that are kept and put the special tokens around it."""
    starts = starts_of(kept + plain.special_count)
    out = np.empty(starts[-1], np.int32)
    first = starts[:-1] + len(plain.prefix)
    out[piece_positions(first, kept)] = ids[piece_positions(starts_of(own)[:-1], kept)]
    for at, token in enumerate(plain.prefix):
        out[starts[:-1] + at] = token
    for at, token in enumerate(plain.suffix):
        out[first + kept + at] = token
    return out


def _check(chunk: pa.Array, ids: np.ndarray, own: np.ndarray, plain: PlainTokenizer) -> None:
    """Compare some rows, spread over the chunk, with what the tokenizer says of them."""
    rows = np.unique(np.linspace(0, len(chunk) - 1, _CHECKED).astype(np.int64))
    sample = chunk.take(pa.array(rows)).to_pylist()
    starts = starts_of(own)
    for row, encoding in zip(rows, plain.tokenizer.encode_batch(sample), strict=True):
        expected = [*plain.prefix, *ids[starts[row] : starts[row + 1]].tolist(), *plain.suffix]
        if encoding.ids != expected:
            raise _NotExactError
