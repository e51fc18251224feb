"""Which rows make up which batch, on which process, in which epoch."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from dsf.core.errors import ConfigError, Problem
from dsf.core.excerpts import count, excerpt
from dsf.core.hashing import hash_value
from dsf.data.batching.filling import fill_batches, share_out

__all__ = ["ORDERS", "BatchPlan"]

ORDERS = ("random", "length", "given")

_WINDOW = 50  # batches that are sorted by length together; more would repeat every epoch


class BatchPlan:
    """Deals rows into batches; the same seed and epoch give the same batches everywhere.

    Each step takes the next batches of one order of all rows, one for each process, so that what
    is learned in a step does not depend on how it is shared out. Every process gets the same
    number of batches. To that end, the batches of the last step are cut smaller. Only if it has
    fewer rows than there are processes, the epoch's first rows are taken once more.

    Args:
        lengths: Number of tokens of each row. Shape: ``(rows,)``.
        batch_size: Most rows of a batch, on each process.
        max_tokens: Most tokens of a batch, on each process, counted without padding. One of the
            two must be set; both may be.
        order: ``random`` shuffles all rows anew every epoch. ``length`` puts rows of like length
            into a batch: the rows are shuffled, sorted within windows of 50 steps, and the steps
            are shuffled. ``given`` keeps the order of the rows, for evaluation: no row comes
            twice, and a process may have one batch fewer.
        seed: Seed of the order.
        world: Number of processes.
        rank: Which of them this is, from 0.

    Raises:
        ConfigError: Lists every argument that cannot be used, and rows longer than ``max_tokens``.
    """

    def __init__(
        self,
        lengths: Any,
        *,
        batch_size: int | None = None,
        max_tokens: int | None = None,
        order: str = "random",
        seed: int = 42,
        world: int = 1,
        rank: int = 0,
    ) -> None:
        self.lengths = np.asarray(lengths, dtype=np.int64)
        self.batch_size = batch_size
        self.max_tokens = max_tokens
        self.order = order
        self.seed = seed
        self.world = world
        self.rank = rank
        problems = [*self._size_problems(), *self._place_problems()]
        if problems:
            raise ConfigError("The rows cannot be put into batches.", problems)

    def batches(self, epoch: int) -> list[np.ndarray]:
        """Give the batches of this process in an epoch.

        Args:
            epoch: Number of the epoch, from 0.

        Returns:
            Row numbers of each batch, int64. Shape of each: ``(rows of the batch,)``.
        """
        return self.global_batches(epoch)[self.rank :: self.world]

    def global_batches(self, epoch: int) -> list[np.ndarray]:
        """Give the batches of all processes: those of a step stand together, by rank."""
        if not len(self.lengths):
            return []
        random = np.random.default_rng([self.seed, epoch])
        rows = np.arange(len(self.lengths))
        if self.order == "given":
            return self._filled(rows)
        random.shuffle(rows)
        if self.order == "random":
            return share_out(self._filled(rows), rows, self.world)
        batches = share_out(self._filled(self._by_length(rows)), rows, self.world)
        steps = [batches[at : at + self.world] for at in range(0, len(batches), self.world)]
        return [batch for at in random.permutation(len(steps)) for batch in steps[at]]

    def fingerprint(self) -> str:
        """Hash all that decides the batches, but for the rank: the same on every process."""
        return hash_value(
            {
                "lengths": hashlib.sha256(self.lengths.tobytes()).hexdigest(),
                "batch_size": self.batch_size,
                "max_tokens": self.max_tokens,
                "order": self.order,
                "seed": self.seed,
                "world": self.world,
            }
        )

    def _filled(self, rows: np.ndarray) -> list[np.ndarray]:
        return fill_batches(rows, self.lengths, self.batch_size, self.max_tokens)

    def _by_length(self, rows: np.ndarray) -> np.ndarray:
        """Sort windows of the shuffled rows by length; ties stay shuffled."""
        per_batch = self.batch_size or len(rows)
        if self.max_tokens is not None:
            mean = max(1.0, float(self.lengths.mean()))
            per_batch = min(per_batch, max(1, int(self.max_tokens / mean)))
        window = per_batch * self.world * _WINDOW
        key = np.arange(len(rows)) // window
        return rows[np.lexsort((self.lengths[rows], key))]

    def _size_problems(self) -> list[Problem]:
        problems = []
        if self.batch_size is None and self.max_tokens is None:
            problems.append(Problem("batch_size", "must be set, or max_tokens, but neither is."))
        for name in ("batch_size", "max_tokens"):
            value = getattr(self, name)
            if value is not None and value < 1:
                problems.append(Problem(name, f"must be at least 1, but is {value}."))
        if self.max_tokens is not None:
            long = np.flatnonzero(self.lengths > max(self.max_tokens, 1))
            if len(long):
                message = (
                    f"must be at least {self.lengths.max()}, the tokens of the longest row, but "
                    f"is {self.max_tokens}: {count(len(long), 'row')} would fit no batch: "
                    f"{excerpt(long)}. Raise it, or cut the texts (max_length)."
                )
                problems.append(Problem("max_tokens", message))
        return problems

    def _place_problems(self) -> list[Problem]:
        problems = []
        if self.order not in ORDERS:
            problems.append(
                Problem("order", f"must be one of {', '.join(ORDERS)}, but is {self.order!r}.")
            )
        if self.seed < 0:
            problems.append(Problem("seed", f"must not be negative, but is {self.seed}."))
        if not 0 <= self.rank < self.world:
            message = f"must be from 0 to below world ({self.world}), but is {self.rank}."
            problems.append(Problem("rank", message))
        return problems
