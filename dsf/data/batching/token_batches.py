"""Batches of tensors without padding, that go on where they stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from dsf.core.errors import DataError, Problem, RunMismatchError
from dsf.data.encoding.flat import piece_positions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dsf.data.batching.batch_plan import BatchPlan

__all__ = ["Encoded", "TokenBatches"]


class Encoded(Protocol):
    """What batches are made of: :class:`~dsf.data.encoding.EncodedTexts`, or the like of it."""

    @property
    def ids(self) -> np.ndarray:
        """Token ids, row after row. Shape: ``(tokens,)``."""

    @property
    def offsets(self) -> np.ndarray:
        """Where each row begins, and the end of the last. Shape: ``(rows + 1,)``."""


class TokenBatches(IterableDataset[dict[str, Tensor]]):
    """Gives the batches of one epoch after the other, each a dict of tensors.

    A batch has ``input_ids`` (int64, shape ``(tokens,)``: the rows one after the other),
    ``lengths`` (int64, shape ``(rows,)``), and the fields given below. Use it as it is, or in
    ``DataLoader(batches, batch_size=None)``; several workers share an epoch and keep its order.

    The state counts the batches that were handed out here. A loader with workers runs ahead in
    processes of its own: then store the epoch and the number of batches that were learned from.

    Args:
        encoded: Encoded rows.
        plan: Which rows make up a batch.
        row_fields: Arrays with one entry a row, such as ``targets``. Shape: ``(rows, …)``.
        token_fields: Arrays with one entry a token, such as the targets of a tagger.
            Shape: ``(tokens, …)``.

    Raises:
        DataError: If the lengths of the arrays do not fit together; lists all.
    """

    def __init__(
        self,
        encoded: Encoded,
        plan: BatchPlan,
        *,
        row_fields: Mapping[str, np.ndarray] | None = None,
        token_fields: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        self.encoded = encoded
        self.plan = plan
        self.row_fields = dict(row_fields or {})
        self.token_fields = dict(token_fields or {})
        self.epoch = 0
        self._start = self._done = 0
        self._planned: tuple[int, list[np.ndarray]] | None = None
        self._check()

    def __len__(self) -> int:
        """Number of batches of this process in the epoch, those handed out included."""
        return len(self._batches())

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        """Give the batches that are left of the epoch; the next time, all of them."""
        start, self._start = self._start, 0
        self._done = start
        worker = get_worker_info()
        if worker is not None:
            return map(self.collate, self._batches()[start:][worker.id :: worker.num_workers])
        return self._count(start)

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch. The one that is running or was restored keeps its place."""
        if epoch != self.epoch:
            self.epoch = epoch
            self._start = self._done = 0

    def state_dict(self) -> dict[str, Any]:
        """Give the place in the epoch: ``epoch``, ``batch`` (handed out), ``plan`` (its hash)."""
        return {"epoch": self.epoch, "batch": self._done, "plan": self.plan.fingerprint()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on at a place: the next batch is the one after those handed out before.

        Raises:
            RunMismatchError: If the state belongs to other rows or to another plan.
        """
        if state["plan"] != self.plan.fingerprint():
            raise RunMismatchError(
                "The batches must be planned as they were when the fit stopped, but the rows, "
                "batch_size, max_tokens, order, seed or number of processes changed. Go on with "
                "what it was, or begin a new fit."
            )
        self.epoch = int(state["epoch"])
        self._start = self._done = int(state["batch"])

    def batch(self, number: int) -> dict[str, Tensor]:
        """Make a batch of the epoch by its number, which leaves the place in the epoch alone."""
        return self.collate(self._batches()[number])

    def collate(self, rows: np.ndarray) -> dict[str, Tensor]:
        """Make the batch of some rows.

        Args:
            rows: Row numbers. Shape: ``(rows,)``.

        Returns:
            Tensors of the batch, as described above.
        """
        starts = self.encoded.offsets[rows]
        lengths = self.encoded.offsets[rows + 1] - starts
        positions = piece_positions(starts, lengths)
        batch = {
            "input_ids": torch.from_numpy(self.encoded.ids[positions].astype(np.int64)),
            "lengths": torch.from_numpy(np.array(lengths, np.int64)),
        }
        for name, values in self.row_fields.items():
            batch[name] = torch.from_numpy(values[rows])
        for name, values in self.token_fields.items():
            batch[name] = torch.from_numpy(values[positions])
        return batch

    def _count(self, start: int) -> Iterator[dict[str, Tensor]]:
        batches = self._batches()
        for at in range(start, len(batches)):
            batch = self.collate(batches[at])
            self._done = at + 1  # before the batch is given: who stops there has seen it
            yield batch

    def _batches(self) -> list[np.ndarray]:
        if self._planned is None or self._planned[0] != self.epoch:
            self._planned = (self.epoch, self.plan.batches(self.epoch))
        return self._planned[1]

    def _check(self) -> None:
        rows, tokens = len(self.encoded.offsets) - 1, len(self.encoded.ids)
        fields = [(name, len(values), rows, "row") for name, values in self.row_fields.items()]
        fields += [(name, len(v), tokens, "token") for name, v in self.token_fields.items()]
        fields.append(("plan.lengths", len(self.plan.lengths), rows, "row"))
        problems = [
            Problem(name, f"must have one entry for each {of} ({wanted}), but has {length}.")
            for name, length, wanted, of in fields
            if length != wanted
        ]
        if problems:
            raise DataError("The rows cannot be put into batches.", problems)
