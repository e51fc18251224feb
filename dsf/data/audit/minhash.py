"""MinHash signatures of texts, as integer arrays (Broder 1997).

A text is the set of its stretches of three characters. The share of equal places in two
signatures estimates the Jaccard index of the sets; equal bands find the pairs worth a look
(locality-sensitive hashing, Indyk and Motwani 1998).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["BANDS", "Signatures", "jaccard", "sign"]

BANDS = 16
_ROWS = 5  # With 16 bands of 5, a pair of index 0.8 is found with probability 0.998.
_WIDTH = 3


@dataclass(frozen=True)
class Signatures:
    """Signatures of many texts.

    Attributes:
        low: The low byte of each minimum (b-bit MinHash, Li and König 2010). Shape:
            ``(texts, 80)``, uint8.
        bands: Hash of each band. Shape: ``(16, texts)``, uint32.
    """

    low: np.ndarray
    bands: np.ndarray


def sign(texts: list[str]) -> Signatures:
    """Work out the signatures of normalised texts."""
    hashes, starts = _shingles(texts)
    draw = np.random.default_rng(1)
    low = np.empty((len(texts), BANDS * _ROWS), dtype=np.uint8)
    bands = np.zeros((BANDS, len(texts)), dtype=np.uint32)
    for place in range(BANDS * _ROWS):
        factor, shift = draw.integers(1, 2**32, 2, dtype=np.uint64).astype(np.uint32)
        minima = np.minimum.reduceat(hashes * (factor | np.uint32(1)) + shift, starts)
        low[:, place] = minima & np.uint32(0xFF)
        band = place // _ROWS
        bands[band] = _mix(bands[band] * np.uint32(0x9E3779B1) + minima)
    return Signatures(low, bands)


def jaccard(first: list[str], second: list[str]) -> np.ndarray:
    """Work out the Jaccard index of each pair of normalised texts, exactly.

    Returns:
        Shape: ``(pairs,)``, 0 … 1.
    """
    one, other = _distinct(first), _distinct(second)
    both = np.intersect1d(one, other, assume_unique=True)
    pairs = len(first)
    sizes = [np.bincount(keys >> np.uint64(32), minlength=pairs) for keys in (one, other, both)]
    return np.asarray(sizes[2] / (sizes[0] + sizes[1] - sizes[2]))


def _distinct(texts: list[str]) -> np.ndarray:
    """Number of the text and hash of the shingle in one integer, each once."""
    hashes, starts = _shingles(texts)
    lengths = np.diff([*starts, len(hashes)])
    owner = np.repeat(np.arange(len(texts), dtype=np.uint64), lengths)
    # Sorting is much faster here than the hash table of np.unique.
    keys: np.ndarray = np.sort((owner << np.uint64(32)) | hashes)
    return np.asarray(keys[np.concatenate([[True], keys[1:] != keys[:-1]])])


def _shingles(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Hash every stretch of three characters; give the hashes and where each text begins."""
    padded = [f" {text or ' '} " for text in texts]
    points = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32)
    lengths = np.fromiter(map(len, padded), dtype=np.int64, count=len(padded))
    ends = np.cumsum(lengths)
    inside = np.ones(len(points), dtype=bool)
    for back in range(1, _WIDTH):
        inside[ends - back] = False
    hashes = np.zeros(len(points) - _WIDTH + 1, dtype=np.uint32)
    for place in range(_WIDTH):
        hashes = _mix(hashes * np.uint32(0x9E3779B1) + points[place : place + len(hashes)])
    starts = np.concatenate([[0], np.cumsum(lengths - _WIDTH + 1)[:-1]])
    return hashes[inside[: len(hashes)]], starts


def _mix(values: np.ndarray) -> np.ndarray:
    """Scatter 32 bits (the finaliser of MurmurHash3)."""
    values = (values ^ (values >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    values = (values ^ (values >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return np.asarray(values ^ (values >> np.uint32(16)), dtype=np.uint32)
