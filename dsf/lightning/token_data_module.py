"""Batches of tokens without padding, that go on in the middle of an epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytorch_lightning as pl

from dsf.core.errors import ProjectError
from dsf.data.batching import BatchPlan
from dsf.lightning.planned_batches import PlannedBatches, PlannedOrder
from dsf.lightning.resumable_loader import ResumableLoader, check_place, place_in_epoch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.lightning.token_rows import TokenRows

__all__ = ["TokenDataModule"]

_LARGER = 4  # without gradients, a batch of this many times the size needs no more memory


class TokenDataModule(pl.LightningDataModule):
    """Gives batches of three parts of the data, each a dict of tensors without padding.

    Which rows make up a training batch depends on the seed and the epoch alone; a fit that goes on
    from a checkpoint begins with the batch after the last one learned from. Validation and test
    keep the order of their rows, and show each once. A batch is described in
    :class:`~dsf.data.batching.TokenBatches`.

    Args:
        model_config: Section of the config: ``batch_size`` and ``max_tokens`` (most rows and
            tokens of a batch in each process; one of them may be ``None``), ``batch_order``
            (``random`` or ``length``), ``num_workers``, ``seed``. Batches of validation and test
            are up to four times as large.
        train: Training rows.
        validation: Validation rows.
        test: Test rows.
    """

    def __init__(
        self,
        model_config: Mapping[str, Any],
        train: TokenRows | None = None,
        validation: TokenRows | None = None,
        test: TokenRows | None = None,
    ) -> None:
        super().__init__()
        self.model_config = dict(model_config)
        self.train = train
        self.validation = validation
        self.test = test

    def setup(self, stage: str) -> None:
        """Let Lightning count the batches anew in every epoch if their number changes."""
        if stage == "fit" and self.trainer is not None and self._max_tokens is not None:
            self.trainer.reload_dataloaders_every_n_epochs = 1  # type: ignore[attr-defined]

    def train_dataloader(self) -> ResumableLoader:
        """Give the training rows, shuffled anew every epoch."""
        rows = _given(self.train, "train")
        epoch = self.trainer.current_epoch if self.trainer is not None else 0
        return self._loader(rows, self._training_plan(rows), epoch, self.trainer)

    def val_dataloader(self) -> ResumableLoader:
        """Give the validation rows in their order."""
        rows = _given(self.validation, "validation")
        return self._loader(rows, self._given_plan(rows))

    def test_dataloader(self) -> ResumableLoader:
        """Give the test rows in their order."""
        rows = _given(self.test, "test")
        return self._loader(rows, self._given_plan(rows))

    def state_dict(self) -> dict[str, Any]:
        """Give the place in the epoch."""
        if self.train is None or self.trainer is None or not self.trainer.training:
            return {}
        return place_in_epoch(self.trainer, self._training_plan(self.train).fingerprint())

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Refuse to go on in the middle of an epoch with other batches."""
        if self.train is not None:
            check_place(state_dict, self._training_plan(self.train).fingerprint())

    @property
    def _max_tokens(self) -> int | None:
        return self.model_config.get("max_tokens")

    def _training_plan(self, rows: TokenRows) -> BatchPlan:
        config = self.model_config
        world, rank = self._processes()
        return BatchPlan(
            rows.lengths,
            batch_size=config["batch_size"],
            max_tokens=self._max_tokens,
            order=config.get("batch_order") or "random",
            seed=config["seed"],
            world=world,
            rank=rank,
        )

    def _given_plan(self, rows: TokenRows) -> BatchPlan:
        """Plan large batches, but so small that no process is left without one."""
        world, rank = self._processes()
        size, tokens = self.model_config["batch_size"], self._max_tokens
        most = max(1, len(rows) // world)
        return BatchPlan(
            rows.lengths,
            batch_size=most if size is None else min(most, size * _LARGER),
            max_tokens=None if tokens is None else tokens * _LARGER,
            order="given",
            world=world,
            rank=rank,
        )

    def _loader(
        self, rows: TokenRows, plan: BatchPlan, epoch: int = 0, trainer: pl.Trainer | None = None
    ) -> ResumableLoader:
        on_gpu = self.trainer is not None and self.trainer.strategy.root_device.type == "cuda"
        planned = PlannedBatches(rows.batches(plan))
        return ResumableLoader(
            planned,
            batch_size=None,
            sampler=PlannedOrder(planned, epoch),
            num_workers=self.model_config["num_workers"],
            pin_memory=on_gpu,
            trainer=trainer,
        )

    def _processes(self) -> tuple[int, int]:
        """Give how many processes share the rows, and which of them this is."""
        if self.trainer is None:
            return 1, 0
        return self.trainer.world_size, self.trainer.global_rank


def _given(rows: TokenRows | None, part: str) -> TokenRows:
    if rows is None:
        raise ProjectError(
            f"TokenDataModule: must hold {part} rows here, but was made without any. Give it "
            f"{part}=TokenRows(…) where the project makes its data module."
        )
    return rows
