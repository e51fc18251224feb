"""Any number of labels a row, each answered from a threshold of its own on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from dsf.lightning.objectives.objective import Objective
from dsf.lightning.objectives.scores import pick_scores
from dsf.metrics import LabelCounts, apply_thresholds, best_thresholds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dsf.metrics.label_counts import Average

__all__ = ["MultiLabelObjective"]

_START = 0.5


class MultiLabelObjective(Objective):
    """Learns 0 or 1 for every label, and from which probability on each is answered.

    A batch is one of :class:`dsf.data.batching.TokenBatches` with a row field ``targets``. After
    every validation the thresholds are chosen anew on its rows; never on test rows. They are part
    of the checkpoint, so that the best weights come with their own. Their 64 bits stay on the CPU:
    some devices have none.

    Args:
        loss_function: Takes scores and targets, both ``(rows, labels)``.
        labels: Names of the labels.
        metrics_config: Metric → whether it is wanted.
        average: ``micro``, ``macro`` or ``weighted``.
        predict: Turns scores into probabilities.
        find_thresholds: Takes targets and probabilities of the validation rows, gives a threshold
            for each label; ``None`` leaves them at 0.5.
        decide: Takes probabilities and thresholds, gives 0 or 1 for each label.
        more_numbers: Takes the phase (``val`` or ``test``), targets and answers of an epoch, gives
            further numbers by name.
    """

    def __init__(
        self,
        loss_function: nn.Module | Callable[[Tensor, Tensor], Tensor],
        labels: tuple[str, ...],
        metrics_config: Mapping[str, bool],
        average: Average = "macro",
        *,
        predict: Callable[[Tensor], Tensor] = torch.sigmoid,
        find_thresholds: Callable[..., Any] | None = best_thresholds,
        decide: Callable[..., Any] = apply_thresholds,
        more_numbers: Callable[..., Mapping[str, float]] | None = None,
    ) -> None:
        super().__init__()
        self.loss_function = loss_function
        self.labels = tuple(labels)
        self.metrics_config = dict(metrics_config)
        self.average = average
        self.predict = predict
        self.find_thresholds = find_thresholds
        self.decide = decide
        self.more_numbers = more_numbers
        self.thresholds = torch.full((len(self.labels),), _START, dtype=torch.float64)

    def read(self, batch: Any) -> tuple[tuple[Any, ...], Tensor]:
        """Part the tokens from the targets."""
        return (batch["input_ids"], batch["lengths"]), batch["targets"]

    def loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Call the loss function."""
        return self.loss_function(logits, targets)

    def keep(self, phase: str, batch: Any, logits: Tensor, targets: Tensor) -> dict[str, Tensor]:
        """Give counts while training, else probabilities: thresholds are chosen from them."""
        probabilities = self.predict(logits.float())
        if phase != "train":
            return {"probabilities": probabilities, "targets": targets.to(torch.int8)}
        answers, true = probabilities > self.thresholds.to(probabilities), targets > 0
        counts = [(answers & true).sum(0), true.sum(0), answers.sum(0)]
        right = (answers == true).all(dim=1).sum()[None]
        return {"counts": torch.stack(counts)[None], "right": right, "rows": right * 0 + len(true)}

    def nothing(self, phase: str) -> dict[str, Tensor]:
        """Give no rows."""
        labels = len(self.labels)
        if phase != "train":
            return {
                "probabilities": torch.empty(0, labels),
                "targets": torch.empty(0, labels, dtype=torch.int8),
            }
        none = torch.empty(0, dtype=torch.int64)
        counts = torch.empty(0, 3, labels, dtype=torch.int64)
        return {"counts": counts, "right": none, "rows": none}

    def score(self, phase: str, kept: Mapping[str, Tensor]) -> dict[str, float]:
        """Choose thresholds if these are validation rows, then score the answers."""
        if phase == "train":
            counts = LabelCounts(*kept["counts"].sum(dim=0).numpy())
            rows = max(1, int(kept["rows"].sum()))
            accuracy = float(kept["right"].sum()) / rows
            return pick_scores(self.metrics_config, accuracy, counts, self.average)
        targets = kept["targets"].numpy()
        probabilities = kept["probabilities"].double().numpy()
        if phase == "val" and self.find_thresholds is not None and len(targets):
            self._set_thresholds(self.find_thresholds(targets, probabilities))
        answers = np.asarray(self.decide(probabilities, self.thresholds.numpy()))
        true, answered = targets > 0, answers > 0
        accuracy = float((true == answered).all(axis=1).mean()) if len(true) else 0.0
        counts = LabelCounts((true & answered).sum(axis=0), true.sum(axis=0), answered.sum(axis=0))
        numbers = pick_scores(self.metrics_config, accuracy, counts, self.average)
        if self.more_numbers is not None:
            numbers |= dict(self.more_numbers(phase, targets, answers))
        return numbers

    def answer(self, logits: Tensor) -> Tensor:
        """Give the probabilities. Shape: ``(rows, labels)``."""
        return self.predict(logits.float())

    def get_extra_state(self) -> Tensor:
        """Give the thresholds, for a checkpoint."""
        return self.thresholds.clone()

    def set_extra_state(self, state: Tensor) -> None:
        """Take the thresholds out of a checkpoint."""
        self._set_thresholds(state.cpu())

    def _set_thresholds(self, thresholds: Any) -> None:
        self.thresholds.copy_(torch.as_tensor(np.asarray(thresholds, dtype=np.float64)))
