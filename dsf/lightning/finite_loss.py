"""A fit whose loss is no number any more ends, and says where to look."""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from pytorch_lightning import Callback, LightningModule, Trainer
from torch import Tensor

from dsf.core.errors import Problem, TrainingError
from dsf.core.excerpts import excerpt
from dsf.lightning.bad_rows import find_bad_rows, name_bad_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FiniteLoss"]

_PACE = 50
_SHOWN = 5


class _Loss(NamedTuple):
    """The loss of a batch, and after how many steps it was seen."""

    step: int
    value: Any


class FiniteLoss(Callback):
    """Stops a fit whose loss has become nan or infinite.

    It would learn nothing until its last epoch, and then be recorded as done. The losses of the
    training batches are kept where they are and looked at together: every ``log_every_n_steps``
    batches, since looking makes a GPU wait, and at the end of the epoch. One look may find a batch
    that mixed precision skips; two in a row that end in a bad loss stop the fit, and so does an
    epoch whose mean is bad. Nothing of such an epoch is saved.

    The training loss is what ``training_step`` gives; that of validation what is logged as
    ``val_loss``.
    """

    def __init__(self) -> None:
        self._kept: list[_Loss] = []
        self._bad: _Loss | None = None
        self._ended_badly = False

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Forget an earlier fit."""
        self._start_over()

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Keep the loss, and look at those kept when it is time."""
        loss = outputs.get("loss") if hasattr(outputs, "get") else outputs
        if not isinstance(loss, Tensor):  # a module that optimizes by hand may give none
            return
        self._kept.append(_Loss(trainer.global_step, loss.detach().reshape(())))
        if batch_idx % (trainer.log_every_n_steps or _PACE) == 0:  # type: ignore[attr-defined]
            ends_badly = _in_any_process(trainer, self._look())
            if ends_badly and self._ended_badly:
                raise self._error(trainer, batch)
            self._ended_badly = ends_badly

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Look at the rest; a bad loss of any batch is one of the epoch."""
        self._check_epoch(trainer)
        self._start_over()

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Look at ``val_loss``, before anything is saved.

        The training rows come first: they are the reason if their loss went bad before.
        """
        loss = float(trainer.callback_metrics.get("val_loss", 0.0))
        if _in_any_process(trainer, not math.isfinite(loss)):
            self._check_epoch(trainer)
            raise TrainingError(
                _headline(trainer, "val_loss", loss, trainer.global_step),
                _reasons(trainer, "validation", trainer.val_dataloaders),
            )

    def all_finite(self, trainer: Trainer) -> bool:
        """Say whether no process has seen a bad loss in this epoch; all must ask together."""
        self._look()
        return not _in_any_process(trainer, self._bad is not None)

    def _start_over(self) -> None:
        self._kept, self._bad, self._ended_badly = [], None, False

    def _check_epoch(self, trainer: Trainer) -> None:
        self._look()
        if _in_any_process(trainer, self._bad is not None):
            raise self._error(trainer)

    def _look(self) -> bool:
        """Read the kept losses, remember the first bad one of the epoch; was the last one bad?"""
        if not self._kept:
            return False
        values = torch.stack([loss.value for loss in self._kept]).tolist()
        for seen, value in zip(self._kept, values, strict=True):
            if self._bad is None and not math.isfinite(value):
                self._bad = _Loss(seen.step, value)
        self._kept = []
        return not math.isfinite(values[-1])

    def _error(self, trainer: Trainer, batch: Any = None) -> TrainingError:
        bad = self._bad or _Loss(trainer.global_step, math.nan)  # another process has seen it
        return TrainingError(
            _headline(trainer, "loss", bad.value, bad.step),
            _reasons(trainer, "training", trainer.train_dataloader, batch),
        )


def _in_any_process(trainer: Trainer, decision: bool) -> bool:
    """Let all processes stop together; one alone would leave the others waiting."""
    return trainer.strategy.reduce_boolean_decision(decision, all=False)


def _headline(trainer: Trainer, name: str, value: float, step: int) -> str:
    return (
        f"The {name} must be a finite number, but is {value} in epoch {trainer.current_epoch}, "
        f"step {step}{_learning_rate(trainer)}. The fit cannot learn from it and has stopped."
    )


def _learning_rate(trainer: Trainer) -> str:
    groups: list[Mapping[str, Any]] = [
        group for optimizer in trainer.optimizers for group in optimizer.param_groups
    ]
    return f" (learning rate {float(groups[0]['lr']):.3g})" if groups else ""


def _reasons(trainer: Trainer, part: str, loaders: Any, batch: Any = None) -> list[Problem]:
    """Name the rows that cannot be computed with; if none is found, all that may be the reason."""
    found = list(islice(find_bad_rows(loaders), _SHOWN + 1))
    if found:
        rows, kinds = (
            excerpt((row for row, _ in found), _SHOWN),
            sorted({kind for _, kind in found}),
        )
        return [
            Problem(
                f"{part} rows",
                f"must be finite numbers, but rows {rows} hold {' and '.join(kinds)}. Mend the "
                "data, or what makes the inputs of it.",
            )
        ]
    held = name_bad_numbers(batch)
    if held:
        message = f"must be finite numbers, but a batch holds {held}. Mend what makes it."
        return [Problem(f"{part} rows", message)]
    reasons = [
        Problem("model_config.learning_rate", "may be too large: try a tenth of it."),
        Problem("model_config.loss_function", "must not divide by 0 or take the logarithm of 0."),
        Problem(
            f"{part} rows", "no nan or infinity was found in them; are the numbers very large?"
        ),
    ]
    if str(trainer.precision).startswith("16"):
        message = f"{trainer.precision!r} ends at 65504: try 'bf16-mixed' or '32-true'."
        reasons.append(Problem("trainer_config.precision", message))
    return reasons
