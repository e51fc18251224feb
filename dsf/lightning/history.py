"""One line per epoch: how a fit came about."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from pytorch_lightning.callbacks import Checkpoint

from dsf.core.atomic import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from pytorch_lightning import LightningModule, Trainer

__all__ = ["History"]


class History(Checkpoint):
    """Writes ``history.csv``: epoch, step, learning rate and every number logged per epoch.

    The rows are part of the checkpoint, so that a fit that goes on after a kill, or begins with a
    checkpoint of another one, has the history of one never stopped. Numbers of single steps are for
    loggers.

    It is a ``Checkpoint`` for one reason: Lightning calls those after the module has logged the
    numbers of the epoch, and in the order given.

    Args:
        path: The file, replaced at the end of every epoch.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: list[dict[str, float]] = []

    def on_fit_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Write what a checkpoint brought: there may be no epoch left to add to it."""
        self._write(trainer)

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Add the epoch that has just ended, and write the file."""
        self.add_epoch(trainer)
        self._write(trainer)

    def add_epoch(self, trainer: Trainer) -> None:
        """Add the epoch that has just ended, unless it is there.

        Args:
            trainer: Has logged the numbers of the epoch.
        """
        if self.rows and self.rows[-1]["epoch"] == trainer.current_epoch:
            return
        row: dict[str, float] = {"epoch": trainer.current_epoch, "step": trainer.global_step}
        if trainer.optimizers:
            row["learning_rate"] = float(trainer.optimizers[0].param_groups[0]["lr"])
        numbers = {
            name: float(value)
            for name, value in trainer.callback_metrics.items()
            if not name.endswith("_step") and not name.startswith("lr-")
        }
        self.rows.append(row | dict(sorted(numbers.items())))

    def state_dict(self) -> dict[str, Any]:
        """Give the rows for the checkpoint."""
        return {"rows": [dict(row) for row in self.rows]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take the rows from the checkpoint."""
        self.rows = [dict(row) for row in state_dict["rows"]]

    def _write(self, trainer: Trainer) -> None:
        if self.rows and trainer.is_global_zero:
            write_text(self.path, _to_csv(self.rows))


def _to_csv(rows: list[dict[str, float]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
