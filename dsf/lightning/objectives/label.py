"""One label a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from dsf.lightning.objectives.objective import Objective
from dsf.lightning.objectives.scores import count_answers, pick_scores

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dsf.metrics.label_counts import Average

__all__ = ["LabelObjective"]


class LabelObjective(Objective):
    """Learns one label a row from pairs: inputs for the network, numbers of the true labels.

    Args:
        loss_function: Takes scores and targets, gives a mean over the rows.
        num_classes: Number of labels; ``None`` leaves the loss alone, without scores.
        metrics_config: Metric → whether it is wanted.
        average: ``micro``, ``macro`` or ``weighted``.
    """

    def __init__(
        self,
        loss_function: Callable[[Tensor, Tensor], Tensor],
        num_classes: int | None,
        metrics_config: Mapping[str, bool],
        average: Average = "macro",
    ) -> None:
        super().__init__()
        self.loss_function = loss_function
        self.num_classes = num_classes
        self.metrics_config = dict(metrics_config)
        self.average = average

    def read(self, batch: Any) -> tuple[tuple[Any, ...], Tensor]:
        """Part the pair."""
        inputs, targets = batch
        return (inputs,), targets

    def loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Call the loss function."""
        return self.loss_function(logits, targets)

    def keep(self, phase: str, batch: Any, logits: Tensor, targets: Tensor) -> dict[str, Tensor]:
        """Give the numbers of the answered and of the true labels."""
        if self.num_classes is None:
            return {}
        return {"answers": logits.argmax(dim=-1), "targets": targets}

    def nothing(self, phase: str) -> dict[str, Tensor]:
        """Give no labels."""
        empty = torch.empty(0, dtype=torch.int64)
        return {} if self.num_classes is None else {"answers": empty, "targets": empty}

    def score(self, phase: str, kept: Mapping[str, Tensor]) -> dict[str, float]:
        """Score the answers."""
        if self.num_classes is None:
            return {}
        answers, targets = kept["answers"], kept["targets"]
        right = float((answers == targets).double().mean()) if len(targets) else 0.0
        counts = count_answers(answers, targets, self.num_classes)
        return pick_scores(self.metrics_config, right, counts, self.average)

    def answer(self, logits: Tensor) -> Tensor:
        """Give the probabilities. Shape: ``(rows, labels)``."""
        return logits.float().softmax(dim=-1)
