"""A network, an objective and an optimizer as a Lightning module."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.strategies import DDPStrategy, SingleDeviceStrategy
from torch import Tensor, nn

from dsf.core.config import freeze_config
from dsf.core.errors import RunMismatchError
from dsf.core.references import resolve
from dsf.lightning.bundling import export_bundle
from dsf.lightning.checkpoint_io import read_checkpoint
from dsf.lightning.clipping import clip_within_step
from dsf.lightning.embedding import (
    embedding_state,
    expect_embedding,
    follow_embedding,
    reduce_to_data,
)
from dsf.lightning.epoch_metrics import EpochMetrics
from dsf.lightning.objectives import LabelObjective
from dsf.lightning.optimizers import build_optimizer
from dsf.lightning.schedules import build_schedule, warmup_steps
from dsf.lightning.weights import begin_with

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from dsf.base.export_request import ExportRequest
    from dsf.base.warm_start import WarmStart
    from dsf.core.bundle import Bundle
    from dsf.lightning.objectives import Objective

__all__ = ["PlModel"]

_ON_THE_BAR = ("_loss", "_accuracy", "_f1")
_EMBEDDING = "dsf_embedding_shrunk"
_WHOLE = (SingleDeviceStrategy, DDPStrategy)  # and not those derived from them, which shard
_EPOCH = "dsf_train_metrics"  # in a checkpoint: what was kept of an epoch that is under way


class PlModel(pl.LightningModule):
    """Trains a network on an objective.

    Lightning calls ``training_step`` for every batch, ``validation_step`` after every epoch, and
    ``test_step`` in a test. Override :meth:`forward`, :meth:`compute_loss`, or any hook of
    Lightning.

    Args:
        network: Takes the inputs of a batch, gives scores.
        model_config: Section of the config: loss, optimizer, schedule, average.
        metrics_config: Metric → whether it is wanted.
        trainer_config: Section of the config; kept for your own use.
        save_path: Folder of the step; kept for your own use.
        objective: What is learned; ``None``: one label a row, with the loss function of the
            config, from batches that are pairs of inputs and numbers of the true labels.
    """

    def __init__(
        self,
        network: nn.Module,
        model_config: Mapping[str, Any],
        metrics_config: Mapping[str, Any] | None = None,
        trainer_config: Mapping[str, Any] | None = None,
        save_path: Path | str | None = None,
        objective: Objective | None = None,
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
        self.objective = objective or self._make_objective()
        self.train_metrics = EpochMetrics("train", self.objective)
        self.val_metrics = EpochMetrics("val", self.objective)
        self.test_metrics = EpochMetrics("test", self.objective)
        self._answers: list[Any] = []

    def forward(self, *inputs: Any) -> Any:
        """Score the labels. Shape of the answer, by default: ``(batch, labels)``."""
        return self.network(*inputs)

    def compute_loss(self, logits: Any, targets: Any) -> Tensor:
        """Compute the loss of a batch. Shape of the answer: ``()``.

        Args:
            logits: What :meth:`forward` gave; by default of Shape: ``(batch, labels)``.
            targets: What the objective read; by default of Shape: ``(batch,)``.
        """
        return self.objective.loss(logits, targets)

    def setup(self, stage: str) -> None:
        """Before a fit, let the network train only the word embeddings that occur in the data."""
        if stage == "fit" and self.model_config.get("reduce_embedding"):
            reduce_to_data(self.network, self.trainer, self.model_config)

    def training_step(self, batch: Any, batch_idx: int) -> Tensor:
        """Learn from a batch."""
        loss, _ = self._step(batch, self.train_metrics)
        pace: int = self.trainer.log_every_n_steps  # type: ignore[attr-defined]
        if batch_idx % max(1, pace) == 0:
            size = self.objective.size(self.objective.read(batch)[1])
            self.log("train_loss_step", loss.detach(), prog_bar=True, batch_size=size)
        return loss

    def validation_step(self, batch: Any, batch_idx: int) -> None:
        """Look at a batch of validation rows."""
        self._step(batch, self.val_metrics)

    def test_step(self, batch: Any, batch_idx: int) -> None:
        """Answer a batch of test rows."""
        _, logits = self._step(batch, self.test_metrics)
        self._answers.append(_to_cpu(self.objective.answer(logits)))

    def on_train_epoch_end(self) -> None:
        """Log the numbers of the training rows."""
        self._log_numbers(self.train_metrics)

    def on_validation_epoch_end(self) -> None:
        """Log the numbers of the validation rows."""
        self._log_numbers(self.val_metrics)

    def on_test_epoch_start(self) -> None:
        """Forget the answers of an earlier test."""
        self._answers = []

    def on_test_epoch_end(self) -> None:
        """Log the numbers of the test rows."""
        self._log_numbers(self.test_metrics)

    @property
    def test_probabilities(self) -> Any:
        """Probabilities of the last test, ``(rows, labels)``; ``None`` before one.

        With several outputs it is a dict of them; for tags, there is a row for each token.
        """
        if not self._answers:
            return None
        if isinstance(self._answers[0], dict):
            return {name: _join([one[name] for one in self._answers]) for name in self._answers[0]}
        return _join(self._answers)

    def configure_optimizers(self) -> Any:
        """Make the optimizer, and its schedule in optimizer steps."""
        config = self.model_config
        optimizer = build_optimizer(self, config, fused=self.may_fuse())
        follow_embedding(self.network, optimizer)
        steps = self.trainer.estimated_stepping_batches
        if steps == float("inf"):  # trained until stopped: there is no way down to plan
            return optimizer
        warmup = warmup_steps(config, int(steps))
        schedule = build_schedule(optimizer, config["schedule"], warmup, int(steps))
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }

    def configure_gradient_clipping(
        self,
        optimizer: Any,
        gradient_clip_val: float | None = None,
        gradient_clip_algorithm: str | None = None,
    ) -> None:
        """Clip gradients as the trainer is told, or else to ``model_config.max_grad_norm``."""
        if gradient_clip_val is None:
            gradient_clip_val = self.model_config.get("max_grad_norm")
        by_norm = gradient_clip_algorithm in (None, "norm")
        cheaply = by_norm and self._has_whole_gradients()
        if cheaply and gradient_clip_val and clip_within_step(optimizer, gradient_clip_val):
            return
        self.clip_gradients(optimizer, gradient_clip_val, gradient_clip_algorithm)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keep what belongs to an epoch that is under way."""
        checkpoint[_EPOCH] = self.train_metrics.state(self.device)
        checkpoint[_EMBEDDING] = embedding_state(self.network)

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Take it back; the numbers on one process, since they are those of all of them."""
        expect_embedding(self.network, checkpoint.get(_EMBEDDING))
        state = checkpoint.get(_EPOCH)
        if state is not None and self.global_rank == 0:
            self.train_metrics.restore(state)

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

    def begin_with(self, start: WarmStart) -> list[str]:
        """Take weights of another model; give the names of those that were wanted and not found.

        Thresholds and what else the objective keeps stay as they are.

        Args:
            start: The file of the other model, and what to take of it.

        Raises:
            ConfigError: If the two differ, and that is not allowed; lists everything that does.
            RunMismatchError: If the file cannot be read.
        """
        return begin_with(self, start, self.model_config, aside=("objective",))

    def export_bundle(self, request: ExportRequest) -> Bundle:
        """Write the network as a bundle; it has the weights of the checkpoint afterwards.

        Args:
            request: Where it goes, and what is known of it.

        Raises:
            BundleError: If the network is none of :mod:`dsf.networks`, or answers in a way of its
                own; lists what is wrong.
        """
        return export_bundle(self, request)

    def _step(self, batch: Any, metrics: EpochMetrics) -> tuple[Tensor, Any]:
        inputs, targets = self.objective.read(batch)
        logits = self(*inputs)
        loss = self.compute_loss(logits, targets)
        metrics.add(loss, batch, logits, targets)
        return loss, logits

    def _log_numbers(self, metrics: EpochMetrics) -> None:
        """Log the numbers of an epoch; the telling ones are shown on the progress bar."""
        for name, value in metrics.finish(self.device).items():
            number = torch.tensor(value, dtype=torch.float32, device=self.device)
            self.log(name, number, prog_bar=name.endswith(_ON_THE_BAR), batch_size=1)

    def may_fuse(self) -> bool:
        """Whether an optimizer may do its step at once: not if it clips in mixed precision."""
        clips = self.trainer.gradient_clip_val or self.model_config.get("max_grad_norm")
        return not (clips and self._mixes())

    def _has_whole_gradients(self) -> bool:
        """Whether they lie here unscaled and undivided, which sharding strategies do not grant."""
        return type(self.trainer.strategy) in _WHOLE and not self._mixes()

    def _mixes(self) -> bool:
        return "mixed" in str(self.trainer.precision)

    def _make_objective(self) -> LabelObjective:
        config = self.model_config
        loss = resolve(config["loss_function"], where="model_config.loss_function")
        return LabelObjective(
            loss, config.get("num_classes"), self.metrics_config, config["average"]
        )


def _to_cpu(answers: Any) -> Any:
    if isinstance(answers, dict):
        return {name: one.cpu() for name, one in answers.items()}
    return answers.cpu()


def _join(answers: list[Tensor]) -> np.ndarray:
    joined: np.ndarray = torch.cat(answers).to(torch.float64).numpy()
    return joined
