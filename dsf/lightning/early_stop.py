"""A fit that had stopped early stays stopped when it goes on after a kill."""

from __future__ import annotations

from pytorch_lightning import Callback, LightningModule, Trainer

__all__ = ["ResumedStop"]


class ResumedStop(Callback):
    """Stops a resumed fit at once if early stopping had already decided to.

    Lightning restores how long :class:`EarlyStopping` has waited, but not that it gave the word to
    stop. Killed between the two, a fit would train one epoch too many.
    """

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Look at what was restored."""
        stops = trainer.early_stopping_callbacks
        if any(stop.wait_count >= max(1, stop.patience) for stop in stops):
            trainer.should_stop = True
