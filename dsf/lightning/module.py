"""A network, a loss and an optimizer as a Lightning module."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytorch_lightning as pl
import torch
from torch import Tensor, nn

from dsf.core.config import freeze_config
from dsf.core.errors import RunMismatchError
from dsf.core.references import resolve
from dsf.lightning.checkpoint_io import read_checkpoint
from dsf.lightning.epoch_metrics import EpochMetrics
from dsf.lightning.optimizers import build_optimizer
from dsf.lightning.schedules import build_schedule

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

__all__ = ["PlModel"]

_ON_THE_BAR = ("_loss", "_accuracy", "_f1")


class PlModel(pl.LightningModule):
    """Trains a network that gives one score per label.

    Lightning calls ``training_step`` for every batch, ``validation_step`` after every epoch, and
    ``test_step`` in a test. A batch is a pair: inputs for the network, and the numbers of the true
    labels. Override :meth:`forward`, :meth:`compute_loss`, or any hook of Lightning.

    Args:
        network: Takes the inputs of a batch, gives scores of shape ``(batch, labels)``.
        model_config: Section of the config: loss, optimizer, schedule, average.
        metrics_config: Metric → whether it is wanted.
        trainer_config: Section of the config; kept for your own use.
        save_path: Folder of the step; kept for your own use.
    """

    def __init__(
        self,
        network: nn.Module,
        model_config: Mapping[str, Any],
        metrics_config: Mapping[str, Any] | None = None,
        trainer_config: Mapping[str, Any] | None = None,
        save_path: Path | str | None = None,
    ) -> None:
        super().__init__()
        # Pretrained networks come in eval mode, and Lightning leaves modes as they are: without
        # this, dropout would be off during the whole fit.
        self.network = network.train()
        self.model_config = dict(model_config)
        self.metrics_config = dict(metrics_config or {})
        self.trainer_config = dict(trainer_config or {})
        self.save_path = save_path
        self.save_hyperparameters({"model_config": freeze_config(self.model_config)})
        self.loss_function: Any = resolve(
            self.model_config["loss_function"], where="model_config.loss_function"
        )
        self.train_metrics = self._make_metrics("train")
        self.val_metrics = self._make_metrics("val")
        self.test_metrics = self._make_metrics("test")
        self._test_probabilities: list[Tensor] = []

    def forward(self, inputs: Any) -> Tensor:
        """Score the labels. Shape of the answer: ``(batch, labels)``."""
        scores: Tensor = self.network(inputs)
        return scores

    def compute_loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Compute the loss of a batch. Shape of the answer: ``()``.

        Args:
            logits: Shape: ``(batch, labels)``.
            targets: Shape: ``(batch,)``.
        """
        loss: Tensor = self.loss_function(logits, targets)
        return loss

    def training_step(self, batch: Any, batch_idx: int) -> Tensor:
        """Learn from a batch."""
        loss, _ = self._step(batch, self.train_metrics)
        pace: int = self.trainer.log_every_n_steps  # type: ignore[attr-defined]
        if batch_idx % max(1, pace) == 0:
            self.log("train_loss_step", loss.detach(), prog_bar=True)
        return loss

    def validation_step(self, batch: Any, batch_idx: int) -> None:
        """Look at a batch of validation rows."""
        self._step(batch, self.val_metrics)

    def test_step(self, batch: Any, batch_idx: int) -> None:
        """Answer a batch of test rows."""
        _, logits = self._step(batch, self.test_metrics)
        self._test_probabilities.append(logits.float().softmax(dim=-1).cpu())

    def on_train_epoch_end(self) -> None:
        """Log the numbers of the training rows."""
        self._log_numbers(self.train_metrics)

    def on_validation_epoch_end(self) -> None:
        """Log the numbers of the validation rows."""
        self._log_numbers(self.val_metrics)

    def on_test_epoch_start(self) -> None:
        """Forget the answers of an earlier test."""
        self._test_probabilities = []

    def on_test_epoch_end(self) -> None:
        """Log the numbers of the test rows."""
        self._log_numbers(self.test_metrics)

    @property
    def test_probabilities(self) -> np.ndarray | None:
        """Probabilities of the labels of the last test, ``(rows, labels)``; ``None`` before one."""
        if not self._test_probabilities:
            return None
        return torch.cat(self._test_probabilities).to(torch.float64).numpy()

    def configure_optimizers(self) -> Any:
        """Make the optimizer, and its schedule in optimizer steps."""
        config = self.model_config
        optimizer = build_optimizer(self, config)
        steps = self.trainer.estimated_stepping_batches
        if steps == float("inf"):  # trained until stopped: there is no way down to plan
            return optimizer
        schedule = build_schedule(
            optimizer, config["schedule"], config["num_warmup_steps"], int(steps)
        )
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }

    def load_weights(self, path: Path | str) -> None:
        """Take the weights out of a checkpoint.

        Args:
            path: What a fit left, for example ``2_fit/checkpoints/best.ckpt``.

        Raises:
            RunMismatchError: If the file holds no weights, or those of another network.
        """
        checkpoint = read_checkpoint(Path(path))
        try:
            self.load_state_dict(checkpoint["state_dict"])
        except RuntimeError as error:
            raise RunMismatchError(
                f"{path}: must hold the weights of this network, but holds others. Was the "
                f"model's config or code changed since the fit?\n{error}"
            ) from error

    def _step(self, batch: Any, metrics: EpochMetrics) -> tuple[Tensor, Tensor]:
        inputs, targets = batch
        logits = self(inputs)
        loss = self.compute_loss(logits, targets)
        metrics.add(loss, logits, targets)
        return loss, logits

    def _log_numbers(self, metrics: EpochMetrics) -> None:
        """Log the numbers of an epoch; the telling ones are shown on the progress bar."""
        for name, value in metrics.finish().items():
            self.log(name, value, prog_bar=name.endswith(_ON_THE_BAR))

    def _make_metrics(self, phase: str) -> EpochMetrics:
        config = self.model_config
        return EpochMetrics(
            phase, self.metrics_config, config.get("num_classes"), config["average"]
        )
