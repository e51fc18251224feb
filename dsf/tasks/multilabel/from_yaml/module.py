"""The Lightning module of a run that began with a YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from dsf.lightning import PlModel
from dsf.lightning.embedding import follow_embedding, reduce_to_data
from dsf.networks import MultiLabelClassifier
from dsf.tasks.multilabel.from_yaml.hooks import Hook, is_plain_adamw

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MultiLabelModule"]


class MultiLabelModule(PlModel):
    """Learns with the optimizer that the config names, at a constant pace.

    Its checkpoints hold the config of the run under ``hyper_parameters``, beside weights,
    optimizer and thresholds.
    """

    def keep_config(self, config: Mapping[str, Any]) -> None:
        """Let checkpoints hold the config of the run."""
        self.save_hyperparameters({"config": dict(config)})

    def setup(self, stage: str) -> None:
        """Before a fit, let the network train only the word embeddings that occur in the data."""
        config = self.model_config
        ours = isinstance(self.network, MultiLabelClassifier)
        if stage == "fit" and ours and is_plain_adamw(config["optimizer"]):
            reduce_to_data(self.network, self.trainer, config | {"optimizer": "AdamW"})

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Call the optimizer with the parameters; AdamW as it comes may do a step at once.

        Raises:
            HookResultError: If it gives no optimizer.
        """
        choice = self.model_config["optimizer"]
        hook = Hook(choice, "model_config.optimizer")
        fused = {"fused": True} if is_plain_adamw(choice) and self.may_fuse() else {}
        optimizer = hook(params=[one for one in self.parameters() if one.requires_grad], **fused)
        if not isinstance(optimizer, torch.optim.Optimizer):
            raise hook.wrong(f"must give a torch.optim.Optimizer, but gave {optimizer!r}")
        follow_embedding(self.network, optimizer)
        return optimizer

    def on_train_epoch_end(self) -> None:
        """Log the numbers of the training rows, and the pace."""
        super().on_train_epoch_end()
        self._log_loss("train")
        self.log("learning_rate", float(self.trainer.optimizers[0].param_groups[0]["lr"]))

    def on_validation_epoch_end(self) -> None:
        """Log the numbers of the validation rows."""
        super().on_validation_epoch_end()
        self._log_loss("val")

    def on_test_epoch_end(self) -> None:
        """Log the numbers of the test rows."""
        super().on_test_epoch_end()
        self._log_loss("test")

    def _log_loss(self, phase: str) -> None:
        """Log the loss of the epoch under its second name."""
        self.log(f"{phase}_epoch_loss", self.trainer.callback_metrics[f"{phase}_loss"])
