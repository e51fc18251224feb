"""Texts of any kind, checked, and given in Arrow arrays of a bounded number of rows."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from dsf.core.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CHUNK_ROWS", "hash_texts", "text_chunks"]

CHUNK_ROWS = 65_536
"""Rows that are encoded at once: memory stays bounded, and words repeat enough to pay."""

_SHOWN = 20


def text_chunks(texts: Any) -> Iterator[pa.Array]:
    """Give texts in chunks of :data:`CHUNK_ROWS` rows.

    Args:
        texts: A list, a pandas Series, or an Arrow array of strings.

    Yields:
        Arrow arrays of type ``large_string``.

    Raises:
        DataError: If a text is missing, is no string or is no valid Unicode; lists the rows.
    """
    for start in range(0, len(texts), CHUNK_ROWS):
        chunk = _chunk(texts, start)
        if isinstance(chunk, pa.Array):
            if chunk.null_count:
                _raise(chunk.to_pylist(), start)
            yield chunk
            continue
        if not all(isinstance(text, str) for text in chunk):
            _raise(chunk, start)
        try:
            yield pa.array(chunk, pa.large_string())
        except UnicodeEncodeError:
            _raise(chunk, start)


def hash_texts(texts: Any) -> str:
    """Hash texts; where one ends and the next begins counts.

    Args:
        texts: As :func:`text_chunks`.

    Returns:
        SHA-256 in hexadecimal.

    Raises:
        DataError: As :func:`text_chunks`.
    """
    digest = hashlib.sha256()
    for chunk in text_chunks(texts):
        _add(chunk, digest)
    return digest.hexdigest()


def _add(chunk: pa.Array, digest: hashlib._Hash) -> None:
    _, ends, content = chunk.buffers()
    if not len(chunk):
        return
    bounds = np.frombuffer(ends, np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
    digest.update(np.diff(bounds).tobytes())
    if content is not None:
        digest.update(memoryview(content)[bounds[0] : bounds[-1]])


def _chunk(texts: Any, start: int) -> pa.Array | list[Any]:
    part = getattr(texts, "iloc", texts)[start : start + CHUNK_ROWS]
    if isinstance(getattr(part, "dtype", None), pd.StringDtype):
        part = part.array.__arrow_array__()
    if isinstance(part, pa.ChunkedArray):
        part = part.combine_chunks()
    if not isinstance(part, pa.Array):
        return list(part)
    if pa.types.is_string(part.type) or pa.types.is_large_string(part.type):
        return part.cast(pa.large_string())
    return list(part.to_pylist())


def _raise(chunk: list[Any], start: int) -> None:
    wrong = ((start + at, _fault(text)) for at, text in enumerate(chunk) if _fault(text))
    problems = [Problem(f"row {row}", f"{fault}.") for row, fault in islice(wrong, _SHOWN)]
    rest = sum(1 for _ in wrong)
    if rest:
        problems.append(Problem("", f"… and {rest} more of the rows up to {start + len(chunk)}."))
    raise DataError("Every text must be a string, but these are not.", problems)


def _fault(text: Any) -> str:
    if text is None or text != text:  # a missing value of pandas is not equal to itself
        return "the text is missing"
    if not isinstance(text, str):
        return f"the text is {text!r}, a {type(text).__name__}"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return f"the character at {error.start} is half of a pair and no Unicode on its own"
    return ""
