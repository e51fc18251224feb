"""Numbers of an epoch for the progress bar and the history, at no cost per step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torchmetrics.utilities.distributed import gather_all_tensors

from dsf.core.errors import HookResultError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.lightning.objectives import Objective

__all__ = ["EpochMetrics"]

_LOSS, _SIZE = "loss", "size"


class EpochMetrics:
    """Gathers losses and answers of one phase, and scores them once, at the end of the epoch.

    Scoring every batch would cost more than a step of a small network. What is kept stays on the
    device. With several processes the numbers are those of all their rows.

    Args:
        phase: ``train``, ``val`` or ``test``: the prefix of the names.
        objective: Says what to keep of a batch, and scores it.
    """

    def __init__(self, phase: str, objective: Objective) -> None:
        self.phase = phase
        self.objective = objective
        self._kept: dict[str, list[Tensor]] = {}

    def add(self, loss: Tensor, batch: Any, logits: Any, targets: Any) -> None:
        """Keep what a batch gave.

        Args:
            loss: Mean over the batch. Shape: ``()``.
            batch: The batch.
            logits: What the network gave.
            targets: What the objective read from the batch.
        """
        size = torch.tensor([self.objective.size(targets)], dtype=torch.float64)
        with torch.no_grad():
            kept = self.objective.keep(self.phase, batch, _detach(logits), targets)
        kept |= {_LOSS: loss.detach()[None], _SIZE: size}
        for name, values in kept.items():
            self._kept.setdefault(name, []).append(values)

    def finish(self, device: torch.device) -> dict[str, float]:
        """Give the numbers of the epoch by name, and start over.

        Args:
            device: Of this process, over which the processes exchange what they kept.

        Raises:
            HookResultError: If the objective has a number of its own under the name of the loss.
        """
        kept = self.state(device)
        self._kept = {}
        losses, sizes = kept.pop(_LOSS).double(), kept.pop(_SIZE)
        mean = (losses * sizes).sum() / sizes.sum()  # nan where there was no row
        scores = self.objective.score(self.phase, kept)
        if _LOSS in scores:
            raise HookResultError(
                f"{type(self.objective).__name__}.score must not give a number {_LOSS!r}, but did: "
                f"{self.phase}_{_LOSS} is the mean of the loss, which may choose the best model. "
                "Rename it."
            )
        numbers = {"loss": float(mean), **scores}
        return {f"{self.phase}_{name}": value for name, value in numbers.items()}

    def state(self, device: torch.device) -> dict[str, Tensor]:
        """Give what was kept so far, of all processes, on the CPU.

        Args:
            device: Of this process.
        """
        nothing = self.objective.nothing(self.phase)
        none = torch.empty(0, dtype=torch.float64)
        nothing |= {_LOSS: none.float(), _SIZE: none}
        # Only to exchange it, on the device: not every kind has numbers of 64 bits.
        place = device if _several_processes() else torch.device("cpu")
        return {
            name: _gather(torch.cat([empty.to(place), *self._on(place, name)]))
            for name, empty in nothing.items()
        }

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Go on from what :meth:`state` gave; only one process may, or it would count twice."""
        self._kept = {name: [values] for name, values in state.items()}

    def _on(self, device: torch.device, name: str) -> list[Tensor]:
        return [values.to(device) for values in self._kept.get(name, [])]


def _detach(logits: Any) -> Any:
    if isinstance(logits, dict):
        return {name: _detach(one) for name, one in logits.items()}
    return logits.detach()


def _several_processes() -> bool:
    there = torch.distributed.is_available() and torch.distributed.is_initialized()
    return there and torch.distributed.get_world_size() > 1


def _gather(values: Tensor) -> Tensor:
    """Put the values of all processes one after another; their numbers may differ."""
    if _several_processes():
        values = torch.cat(gather_all_tensors(values.contiguous()))
    return values.cpu()
