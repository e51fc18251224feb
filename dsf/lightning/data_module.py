"""Batches: seeded, the same after a kill, shared out without overlap between processes."""

from __future__ import annotations

import random
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytorch_lightning as pl
import torch
from pytorch_lightning.overrides.distributed import UnrepeatedDistributedSampler
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, DistributedSampler, TensorDataset

from dsf.lightning.epoch_seed import epoch_seed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["DataModule"]


class DataModule(pl.LightningDataModule):
    """Gives batches of three data sets.

    The order of the training rows depends on the seed and the epoch alone. Nothing is dropped or
    shown twice in validation and test.

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

    def _loader(self, dataset: Any, *, shuffle: bool) -> DataLoader[Any]:
        config, sampler = self.model_config, self._sampler(dataset, shuffle)
        collate_fn = self.collate_fn
        if collate_fn is None and type(dataset) is TensorDataset:
            dataset, collate_fn = _TensorBatches(dataset), _as_is
        on_gpu = self.trainer is not None and self.trainer.strategy.root_device.type == "cuda"
        return DataLoader(
            dataset,
            batch_size=config["batch_size"],
            sampler=sampler,
            num_workers=config["num_workers"],
            collate_fn=collate_fn,
            pin_memory=on_gpu,
            generator=torch.Generator().manual_seed(config["seed"]),
            worker_init_fn=partial(_seed_worker, sampler, config["seed"]),
        )

    def _sampler(self, dataset: Any, shuffle: bool) -> DistributedSampler[Any]:
        """Order the rows; Lightning tells the sampler the epoch, and leaves this kind in place."""
        kind = DistributedSampler if shuffle else UnrepeatedDistributedSampler
        world, rank = 1, 0
        if self.trainer is not None:
            world, rank = self.trainer.world_size, self.trainer.global_rank
        return kind(
            dataset,
            num_replicas=world,
            rank=rank,
            shuffle=shuffle,
            seed=self.model_config["seed"],
        )


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
