"""Texts in batches: read, normalised and hashed."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BATCH", "hash_texts", "normalise", "read_batches", "read_texts"]

BATCH = 20_000


def read_texts(column: pd.Series, places: np.ndarray | slice) -> list[str]:
    """Give texts as Python strings that can be encoded; a missing one is empty."""
    cells = column.iloc[places].tolist()
    return [
        cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else _written(cell)
        for cell in cells
    ]


def read_batches(column: pd.Series) -> Iterator[list[str]]:
    """Read a column batch by batch."""
    for start in range(0, len(column), BATCH):
        yield read_texts(column, slice(start, start + BATCH))


def normalise(texts: list[str]) -> list[str]:
    """Bring texts to one form: NFKC, lower case, words alone with one space between them.

    A text without a letter or digit stays as it is, so that ``?`` and ``!`` differ.
    """
    lowered = [unicodedata.normalize("NFKC", text).casefold() for text in texts]
    kept = "LMN"  # Letters, marks (the vowel signs of many scripts) and numbers.
    spaces = {
        ord(sign): " "
        for sign in set("".join(lowered))
        if unicodedata.category(sign)[0] not in kept
    }
    words = [" ".join(text.translate(spaces).split()) for text in lowered]
    return [clean or text.strip() for clean, text in zip(words, texts, strict=True)]


def hash_texts(texts: list[str]) -> np.ndarray:
    """Hash texts, the same in every process. Shape: ``(texts,)``, uint64."""
    return pd.util.hash_array(np.asarray(texts, dtype=object), categorize=False)


def _written(cell: object) -> str:
    missing = cell is None or cell is pd.NA or (isinstance(cell, float) and np.isnan(cell))
    return "" if missing else str(cell)
