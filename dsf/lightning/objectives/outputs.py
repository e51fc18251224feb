"""One label of each of one or several outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from dsf.lightning.objectives.objective import Objective
from dsf.lightning.objectives.scores import count_answers, pick_scores

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.metrics.label_counts import Average

__all__ = ["OutputsObjective"]


class OutputsObjective(Objective):
    """Learns one label of each output; the loss is the sum over the outputs.

    A batch is one of :class:`dsf.data.batching.TokenBatches` with a row field for each output, of
    the output's name behind ``target_``. With several outputs, accuracy is the share of the rows
    that are right in all of them; precision, recall and F1 are means over the outputs.

    Args:
        losses: Output → its loss.
        num_classes: Output → its number of labels.
        metrics_config: Metric → whether it is wanted.
        average: ``micro``, ``macro`` or ``weighted``.
    """

    def __init__(
        self,
        losses: Mapping[str, nn.Module],
        num_classes: Mapping[str, int],
        metrics_config: Mapping[str, bool],
        average: Average = "macro",
    ) -> None:
        super().__init__()
        self.outputs = tuple(num_classes)
        self.losses = nn.ModuleList(losses[name] for name in self.outputs)
        self.num_classes = dict(num_classes)
        self.metrics_config = dict(metrics_config)
        self.average = average

    def read(self, batch: Any) -> tuple[tuple[Any, ...], dict[str, Tensor]]:
        """Part the tokens from the targets."""
        targets = {name: batch[f"target_{name}"] for name in self.outputs}
        return (batch["input_ids"], batch["lengths"]), targets

    def loss(self, logits: Mapping[str, Tensor], targets: Mapping[str, Tensor]) -> Tensor:
        """Add up the outputs' losses."""
        parts = [
            loss(logits[name], targets[name])
            for name, loss in zip(self.outputs, self.losses, strict=True)
        ]
        return torch.stack(parts).sum()

    def size(self, targets: Mapping[str, Tensor]) -> int:
        """Count the rows."""
        return len(targets[self.outputs[0]])

    def keep(
        self,
        phase: str,
        batch: Any,
        logits: Mapping[str, Tensor],
        targets: Mapping[str, Tensor],
    ) -> dict[str, Tensor]:
        """Give the numbers of the answered and of the true labels."""
        kept = {f"answer_{name}": logits[name].argmax(dim=-1) for name in self.outputs}
        return kept | {f"target_{name}": targets[name] for name in self.outputs}

    def nothing(self, phase: str) -> dict[str, Tensor]:
        """Give no labels."""
        kinds = ("answer", "target")
        empty = torch.empty(0, dtype=torch.int64)
        return {f"{kind}_{name}": empty for kind in kinds for name in self.outputs}

    def score(self, phase: str, kept: Mapping[str, Tensor]) -> dict[str, float]:
        """Score every output, and all together."""
        each, right = {}, []
        for name in self.outputs:
            answers, targets = kept[f"answer_{name}"], kept[f"target_{name}"]
            right.append(answers == targets)
            accuracy = _share(right[-1])
            counts = count_answers(answers, targets, self.num_classes[name])
            each[name] = pick_scores(self.metrics_config, accuracy, counts, self.average)
        if len(self.outputs) == 1:
            return each[self.outputs[0]]
        first = each[self.outputs[0]]
        together = {name: sum(one[name] for one in each.values()) / len(each) for name in first}
        if "accuracy" in together:
            together["accuracy"] = _share(torch.stack(right).all(dim=0))
        return together | {
            f"{output}_{name}": value
            for output, scores in each.items()
            for name, value in scores.items()
        }

    def answer(self, logits: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Give the probabilities by output. Shape of each: ``(rows, labels)``."""
        return {name: logits[name].float().softmax(dim=-1) for name in self.outputs}


def _share(right: Tensor) -> float:
    return float(right.double().mean()) if len(right) else 0.0
