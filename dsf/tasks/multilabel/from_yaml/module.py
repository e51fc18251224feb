"""The Lightning module of a run that began with a YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from dsf.core.config import freeze_config
from dsf.lightning import PlModel
from dsf.lightning.embedding import follow_embedding, reduce_to_data
from dsf.networks import MultiLabelClassifier
from dsf.tasks.multilabel.from_yaml.hooks import Hook, is_plain_adamw

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MultiLabelModule"]


class MultiLabelModule(PlModel):
    """Learns with the optimizer that the config names, at a constant pace.

    Its checkpoints hold the config of the run and the hashes of its rows under
    ``hyper_parameters``, beside weights, optimizer and thresholds.
    """

    _options: list[dict[str, Any]] | None = None

    def keep_origin(self, config: Mapping[str, Any], rows: Mapping[str, str]) -> None:
        """Let checkpoints hold where they are from.

        Args:
            config: That of the run.
            rows: Hashes of the rows and their parts.
        """
        self.save_hyperparameters({"config": dict(config), "rows": dict(rows)})

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
        if self._options is not None:
            self._options = [_options_of(group) for group in optimizer.param_groups]
        return optimizer

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """See whether the optimizer is to have other options than those that the checkpoint has."""
        super().on_load_checkpoint(checkpoint)
        then = checkpoint.get("hyper_parameters", {}).get("model_config", {}).get("optimizer")
        changed = then != freeze_config(self.model_config)["optimizer"]
        self._options = [] if changed else None

    def on_train_start(self) -> None:
        """Give the optimizer the options of the config, if those of a checkpoint took their place.

        What it has gathered in its steps stays.
        """
        groups = self.trainer.optimizers[0].param_groups
        for group, options in zip(groups, self._options or [], strict=False):
            group.update(options)

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


def _options_of(group: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in group.items() if name != "params"}
