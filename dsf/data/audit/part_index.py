"""One part's texts as integers: hashes and signatures, never the text itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dsf.data.audit.minhash import BANDS, Signatures, jaccard, sign
from dsf.data.audit.texts import hash_texts, normalise, read_batches, read_texts

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["THRESHOLD", "PartIndex"]

THRESHOLD = 0.8
_MARGIN = 0.12  # Under 1 % of pairs at the threshold are estimated further below it.
_NEIGHBOURS = 4
_PAIRS = 20_000


@dataclass(frozen=True)
class PartIndex:
    """What is kept of the texts of a part.

    Attributes:
        column: The texts, to read single ones again.
        exact: Hash of each text. Shape: ``(rows,)``, uint64.
        normalised: Hash of each normalised text. Shape: ``(rows,)``, uint64.
        signatures: Signature of each row; ``None`` if near duplicates are not looked for.
    """

    column: pd.Series
    exact: np.ndarray
    normalised: np.ndarray
    signatures: Signatures | None

    @classmethod
    def build(cls, column: pd.Series, *, near: bool) -> PartIndex:
        """Read the texts once, in batches."""
        exact, normal, low, bands = [], [], [], []
        for texts in read_batches(column):
            exact.append(hash_texts(texts))
            clean = normalise(texts)
            normal.append(hash_texts(clean))
            if near:
                signed = sign(clean)
                low.append(signed.low)
                bands.append(signed.bands)
        kept = Signatures(np.concatenate(low), np.concatenate(bands, axis=1)) if low else None
        return cls(column, np.concatenate(exact), np.concatenate(normal), kept)

    def nearest(self, rows: np.ndarray, other: PartIndex) -> np.ndarray:
        """Look in another part for a text that is nearly the same.

        In a band with many equal texts, the first four are looked at.

        Args:
            rows: Places of rows of this part.
            other: The part to look in.

        Returns:
            Place of a row in the other part with a Jaccard index of 0.8 or more, -1 where there is
            none. Shape: ``(rows,)``.
        """
        found = np.full(len(rows), -1, dtype=np.int64)
        if self.signatures is None or other.signatures is None:
            return found
        targets = np.unique(other.normalised, return_index=True)[1]
        for band in range(BANDS):
            keys = other.signatures.bands[band, targets]
            order = np.argsort(keys, kind="stable")
            keys, places = keys[order], targets[order]
            open_ = np.flatnonzero(found < 0)
            wanted = self.signatures.bands[band, rows[open_]]
            first, end = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, side="right")
            for step in range(_NEIGHBOURS):
                alive = (first + step < end) & (found[open_] < 0)
                asked, candidates = open_[alive], places[first[alive] + step]
                near = self._near(rows[asked], other, candidates)
                found[asked[near]] = candidates[near]
        return found

    def _near(self, rows: np.ndarray, other: PartIndex, candidates: np.ndarray) -> np.ndarray:
        """Say which pairs are near: estimated first, then counted. Shape: ``(pairs,)``, bool."""
        near = np.zeros(len(rows), dtype=bool)
        for start in range(0, len(rows), _PAIRS):
            mine, its = rows[start : start + _PAIRS], candidates[start : start + _PAIRS]
            likely = np.flatnonzero(self._estimate(mine, other, its) >= THRESHOLD - _MARGIN)
            if len(likely):
                texts = normalise(read_texts(self.column, mine[likely]))
                others = normalise(read_texts(other.column, its[likely]))
                near[start + likely] = jaccard(texts, others) >= THRESHOLD
        return near

    def _estimate(self, rows: np.ndarray, other: PartIndex, candidates: np.ndarray) -> np.ndarray:
        if self.signatures is None or other.signatures is None:
            return np.zeros(len(rows))
        equal = self.signatures.low[rows] == other.signatures.low[candidates]
        return np.asarray(equal.mean(axis=1))
