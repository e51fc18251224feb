"""The last step of a multi-label split: exact sizes, and labels nearer to their shares."""

from __future__ import annotations

from itertools import combinations

import numpy as np

__all__ = ["even_out"]

_CANDIDATES = 2048
_SWAPS = 3000


def even_out(
    codes: np.ndarray, labels: np.ndarray, sizes: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Move rows until every part has its size, then swap rows as long as the labels gain.

    A row that is the last of its label in its part moves only if there is no other.

    Args:
        codes: Number of the part of each row. Shape: ``(rows,)``.
        labels: Which row has which label, bool. Shape: ``(rows, labels)``.
        sizes: Rows that each part must have. Shape: ``(parts,)``.
        generator: Chooses the rows that may move.

    Returns:
        New numbers. Shape: ``(rows,)``.
    """
    mover = _Mover(codes, labels, sizes, generator)
    over = np.bincount(codes, minlength=len(sizes)) - sizes
    while over.any():
        source, target = int(np.argmax(over)), int(np.argmin(over))
        mover.move(source, target)
        over[source] -= 1
        over[target] += 1
    mover.swap_while_it_helps()
    return mover.codes


class _Mover:
    """Moves rows between parts, each time the one that brings the labels nearest."""

    def __init__(
        self,
        codes: np.ndarray,
        labels: np.ndarray,
        sizes: np.ndarray,
        generator: np.random.Generator,
    ) -> None:
        self.codes = codes.copy()
        self.labels = labels
        self.generator = generator
        totals = labels.sum(axis=0)
        # Rare labels count as much as frequent ones do.
        self.weights = 1.0 / np.maximum(totals, 1)
        self.counts = np.stack([labels[codes == part].sum(axis=0) for part in range(len(sizes))])
        self.excess = self.counts - np.outer(sizes / len(codes), totals)
        self.pools: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def move(self, source: int, target: int) -> int:
        """Move the best candidate; give its row number."""
        rows, features = self._pool(source)
        gap = self.excess[target] - self.excess[source] + 1
        # What a move does to the sum of weighted squared excesses of both parts, halved.
        cost = features @ (gap * self.weights).astype(np.float32)
        last = self.counts[source] <= 1
        if last.any():
            cost[(features[:, last] > 0).any(axis=1)] += 1e9
        best = int(np.argmin(cost))
        row = int(rows[best])
        keep = np.arange(len(rows)) != best
        self.pools[source] = rows[keep], features[keep]
        self.put(row, source, target)
        return row

    def put(self, row: int, source: int, target: int) -> None:
        """Move one row and keep the counts right."""
        self.codes[row] = target
        moved = self.labels[row].astype(np.int64)
        for table in (self.counts, self.excess):
            table[source] -= moved
            table[target] += moved

    def swap_while_it_helps(self) -> None:
        """Swap rows between two parts until no pair of parts gains, or all are within a row."""
        pairs = list(combinations(range(len(self.counts)), 2))
        failed = 0
        for swap in range(_SWAPS):
            if failed == len(pairs) or np.abs(self.excess).max() <= 1:
                return
            one, other = pairs[swap % len(pairs)]
            before = self._cost()
            there = self.move(one, other)
            back = self.move(other, one)
            failed = 0 if self._cost() < before else failed + 1
            if failed:
                self.put(back, one, other)
                self.put(there, other, one)

    def _cost(self) -> float:
        return float((self.excess**2 @ self.weights).sum())

    def _pool(self, part: int) -> tuple[np.ndarray, np.ndarray]:
        """Give rows of the part that may move, and their labels as numbers."""
        rows, features = self.pools.get(part, (np.empty(0, np.int64), np.empty(0)))
        # A swap that was taken back may have left rows here that are elsewhere again.
        here = self.codes[rows] == part
        if not here.all():
            rows, features = rows[here], features[here]
        if not len(rows):
            members = np.flatnonzero(self.codes == part)
            rows = self.generator.choice(members, min(_CANDIDATES, len(members)), replace=False)
            features = self.labels[rows].astype(np.float32)
        return rows, features
