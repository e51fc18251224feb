"""Batches: seeded, the same after a kill, shared out without overlap between processes."""

from __future__ import annotations

import random
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import pytorch_lightning as pl
import torch
from pytorch_lightning.overrides.distributed import UnrepeatedDistributedSampler
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, DistributedSampler, TensorDataset

from dsf.core.hashing import hash_value
from dsf.lightning.epoch_seed import epoch_seed
from dsf.lightning.resumable_loader import ResumableLoader, check_place, place_in_epoch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["DataModule"]


class DataModule(pl.LightningDataModule):
    """Gives batches of three data sets.

    The order of the training rows depends on the seed and the epoch alone; a fit that goes on from
    a checkpoint begins with the batch after the last one learned from. Nothing is dropped or shown
    twice in validation and test. What rows draw at random in loading processes begins anew after a
    stop within an epoch.

    Args:
        model_config: Section of the config: ``batch_size``, ``num_workers``, ``seed``.
        train_set: Training rows as a torch data set.
        val_set: Validation rows.
        test_set: Test rows.
        collate_fn: Makes a batch from a list of rows; ``None`` for torch's own.
    """

    def __init__(
        self,
        model_config: Mapping[str, Any],
        train_set: Dataset[Any] | None = None,
        val_set: Dataset[Any] | None = None,
        test_set: Dataset[Any] | None = None,
        collate_fn: Any = None,
    ) -> None:
        super().__init__()
        self.model_config = dict(model_config)
        self.train_set = train_set
        self.val_set = val_set
        self.test_set = test_set
        self.collate_fn = collate_fn

    def train_dataloader(self) -> DataLoader[Any]:
        """Give the training rows, shuffled anew every epoch."""
        return self._loader(self.train_set, shuffle=True)

    def val_dataloader(self) -> DataLoader[Any]:
        """Give the validation rows in their order."""
        return self._loader(self.val_set, shuffle=False)

    def test_dataloader(self) -> DataLoader[Any]:
        """Give the test rows in their order."""
        return self._loader(self.test_set, shuffle=False)

    def state_dict(self) -> dict[str, Any]:
        """Give the place in the epoch."""
        if self.train_set is None or self.trainer is None or not self.trainer.training:
            return {}
        return place_in_epoch(self.trainer, self._plan())

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Refuse to go on in the middle of an epoch with other batches."""
        if self.train_set is not None:
            check_place(state_dict, self._plan())

    def _plan(self) -> str:
        """Hash what decides the training batches."""
        size, seed = self.model_config["batch_size"], self.model_config["seed"]
        rows: Any = self.train_set
        world = self.trainer.world_size if self.trainer is not None else 1
        return hash_value({"rows": len(rows), "batch_size": size, "seed": seed, "world": world})

    def _loader(self, dataset: Any, *, shuffle: bool) -> DataLoader[Any]:
        config, sampler = self.model_config, self._sampler(dataset, shuffle)
        collate_fn = self.collate_fn
        if collate_fn is None and type(dataset) is TensorDataset:
            dataset, collate_fn = _TensorBatches(dataset), _as_is
        on_gpu = self.trainer is not None and self.trainer.strategy.root_device.type == "cuda"
        return ResumableLoader(
            dataset,
            batch_size=config["batch_size"],
            sampler=sampler,
            num_workers=config["num_workers"],
            collate_fn=collate_fn,
            pin_memory=on_gpu,
            generator=torch.Generator().manual_seed(config["seed"]),
            worker_init_fn=partial(_seed_worker, sampler, config["seed"]),
            trainer=self.trainer if shuffle else None,
        )

    def _sampler(self, dataset: Any, shuffle: bool) -> DistributedSampler[Any]:
        """Order the rows; Lightning tells the sampler the epoch, and leaves this kind in place."""
        world, rank = 1, 0
        if self.trainer is not None:
            world, rank = self.trainer.world_size, self.trainer.global_rank
        places = {"num_replicas": world, "rank": rank}
        if not shuffle:
            return UnrepeatedDistributedSampler(dataset, **places, shuffle=False)
        config = self.model_config
        return _ShuffledRows(
            dataset, **places, seed=config["seed"], batch_size=config["batch_size"]
        )


class _ShuffledRows(DistributedSampler[Any]):
    """Shuffles the rows anew every epoch, and can begin after some batches of it."""

    def __init__(self, dataset: Any, *, batch_size: int, **places: Any) -> None:
        super().__init__(dataset, shuffle=True, **places)
        self._batch_size = batch_size
        self._start = 0

    def __iter__(self) -> Iterator[Any]:
        return islice(super().__iter__(), self._start, None)

    def skip(self, batches: int) -> None:
        """Let the next iterator begin after so many batches."""
        self._start = batches * self._batch_size


class _TensorBatches(Dataset[tuple[Tensor, ...]]):
    """Rows held in tensors, taken a batch at a time: one indexing instead of one per row."""

    def __init__(self, rows: TensorDataset) -> None:
        self.tensors = rows.tensors

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getitem__(self, row: int) -> tuple[Tensor, ...]:
        return tuple(tensor[row] for tensor in self.tensors)

    def __getitems__(self, rows: Sequence[int]) -> tuple[Tensor, ...]:
        """Give a batch; torch's loader calls this when it is there."""
        picked = torch.as_tensor(rows)
        return tuple(tensor[picked] for tensor in self.tensors)


def _as_is(batch: Any) -> Any:
    return batch


def _seed_worker(sampler: DistributedSampler[Any], seed: int, worker: int) -> None:
    """Seed a loading process by the epoch, so that augmentation is the same after a kill."""
    number = epoch_seed(seed + worker + 1, sampler.epoch, sampler.rank)
    random.seed(number)
    np.random.seed(number)
    torch.manual_seed(number)
