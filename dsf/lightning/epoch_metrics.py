"""Scores of an epoch for the progress bar and the history, at no cost per step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torchmetrics import Metric, MetricCollection, SumMetric
from torchmetrics.classification import (
    MulticlassAccuracy,
    MulticlassF1Score,
    MulticlassPrecision,
    MulticlassRecall,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EpochMetrics"]

_SCORES: dict[str, type[Metric]] = {
    "accuracy": MulticlassAccuracy,
    "precision": MulticlassPrecision,
    "recall": MulticlassRecall,
    "f1": MulticlassF1Score,
}


class EpochMetrics(nn.Module):
    """Gathers losses and answers of one phase, and scores them once, at the end of the epoch.

    Scoring every batch would cost more than a step of a small network. Answers are whole numbers
    and stay on the device. With several processes the scores are those of all their rows.

    Args:
        phase: ``train``, ``val`` or ``test``: the prefix of the names.
        metrics_config: Metric → whether it is wanted.
        num_classes: Number of labels; ``None`` leaves the loss alone.
        average: ``micro``, ``macro`` or ``weighted``; accuracy is always the share of right rows.
    """

    def __init__(
        self,
        phase: str,
        metrics_config: Mapping[str, Any],
        num_classes: int | None,
        average: str,
    ) -> None:
        super().__init__()
        self.phase = phase
        # A nan must show in the mean; torchmetrics' own mean would leave it out.
        self.loss_sum = SumMetric(nan_strategy="disable")
        self.row_count = SumMetric(nan_strategy="disable")
        self.scores = _make_scores(metrics_config, num_classes, average)
        self._losses: list[Tensor] = []
        self._answers: list[Tensor] = []
        self._targets: list[Tensor] = []

    def add(self, loss: Tensor, logits: Tensor, targets: Tensor) -> None:
        """Keep what a batch gave.

        Args:
            loss: Mean over the batch. Shape: ``()``.
            logits: Scores of the labels. Shape: ``(batch, labels)``.
            targets: Numbers of the true labels. Shape: ``(batch,)``.
        """
        self._losses.append(loss.detach())
        self._targets.append(targets)
        if self.scores is not None:
            self._answers.append(logits.detach().argmax(dim=-1))

    def finish(self) -> dict[str, Tensor]:
        """Give the numbers of the epoch by name, and start over."""
        if self._losses:
            sizes = torch.tensor([len(batch) for batch in self._targets], dtype=torch.float32)
            losses = torch.stack(self._losses)
            sizes = sizes.to(losses.device)
            self.loss_sum.update(losses * sizes)
            self.row_count.update(sizes)
        numbers = {f"{self.phase}_loss": self.loss_sum.compute() / self.row_count.compute()}
        self.loss_sum.reset()
        self.row_count.reset()
        if self.scores is not None:
            if self._answers:
                self.scores.update(torch.cat(self._answers), torch.cat(self._targets))
            scores = self.scores.compute()
            numbers |= {f"{self.phase}_{name}": value for name, value in scores.items()}
            self.scores.reset()
        self._losses, self._answers, self._targets = [], [], []
        return numbers


def _make_scores(
    metrics_config: Mapping[str, Any], num_classes: int | None, average: str
) -> MetricCollection | None:
    wanted = {name: metric for name, metric in _SCORES.items() if metrics_config.get(name)}
    if num_classes is None or not wanted:
        return None
    averages = {name: "micro" if name == "accuracy" else average for name in wanted}
    return MetricCollection(
        {
            name: metric(num_classes=num_classes, average=averages[name], validate_args=False)
            for name, metric in wanted.items()
        }
    )
