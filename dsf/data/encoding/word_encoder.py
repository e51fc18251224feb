"""The fast way to encode: each distinct word once, where that is exact."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc  # type: ignore[import-untyped]

from dsf.data.encoding.flat import flatten, piece_positions, starts_of

if TYPE_CHECKING:
    import pyarrow as pa
    from tokenizers import Tokenizer

__all__ = ["encode_by_texts", "encode_by_words", "is_word_by_word"]


def is_word_by_word(tokenizer: Tokenizer) -> bool:
    """Whether the tokens of a text are those of its parts between spaces, one after the other.

    True for BERT's own steps: its pre-tokenizer cuts at every space, and its normalizer looks at
    single characters or at a letter with its accents. A token added by a user must not contain
    or make white space. Only U+0020 counts as a space here: other white space and control
    characters stay inside a part, where the tokenizer itself treats them.
    """
    spec = json.loads(tokenizer.to_str())
    if (spec.get("normalizer") or {}).get("type") != "BertNormalizer":
        return False
    if (spec.get("pre_tokenizer") or {}).get("type") != "BertPreTokenizer":
        return False
    return all(map(_stays_in_a_word, spec.get("added_tokens", [])))


def _stays_in_a_word(token: dict[str, Any]) -> bool:
    content = token["content"]
    if any(char.isspace() for char in content):
        return False
    # The normalizer puts spaces around Chinese characters, in an added token too.
    return content.isascii() or not token["normalized"]


def encode_by_words(texts: pa.Array, tokenizer: Tokenizer) -> tuple[np.ndarray, np.ndarray]:
    """Encode the distinct words and put the texts together from them.

    Args:
        texts: Texts as ``large_string``. Shape: ``(rows,)``.
        tokenizer: One for which :func:`is_word_by_word` is true.

    Returns:
        Ids without special tokens, int32. Shape: ``(tokens,)``. And the number of tokens of each
        text, int64. Shape: ``(rows,)``.
    """
    words = pc.split_pattern(texts, " ")
    bounds = words.offsets.to_numpy().astype(np.int64)
    distinct = words.flatten().dictionary_encode()
    codes = distinct.indices.to_numpy()
    encodings = tokenizer.encode_batch_fast(distinct.dictionary.to_pylist(), False, False)
    pieces, piece_lengths = flatten([encoding.ids for encoding in encodings])
    word_lengths = piece_lengths[codes]
    word_starts = starts_of(piece_lengths)[:-1][codes]
    ids = pieces[piece_positions(word_starts, word_lengths)]
    return ids, np.diff(starts_of(word_lengths)[bounds - bounds[0]])


def encode_by_texts(texts: pa.Array, tokenizer: Tokenizer) -> tuple[np.ndarray, np.ndarray]:
    """Encode whole texts in parallel, a repeated text once.

    Args:
        texts: Texts as ``large_string``. Shape: ``(rows,)``.
        tokenizer: Any tokenizer that neither pads nor truncates.

    Returns:
        As :func:`encode_by_words`.
    """
    distinct = texts.dictionary_encode()
    codes = distinct.indices.to_numpy()
    encodings = tokenizer.encode_batch_fast(distinct.dictionary.to_pylist(), False, False)
    pieces, piece_lengths = flatten([encoding.ids for encoding in encodings])
    lengths = piece_lengths[codes]
    return pieces[piece_positions(starts_of(piece_lengths)[:-1][codes], lengths)], lengths
