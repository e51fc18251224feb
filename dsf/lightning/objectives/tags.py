"""A tag for each word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from dsf.core.tagging import split_tag, tags_to_spans
from dsf.lightning.objectives.objective import Objective
from dsf.lightning.objectives.scores import count_answers, pick_scores
from dsf.losses import IGNORED
from dsf.metrics import LabelCounts, count_spans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsf.core.tagging import TokenSpan
    from dsf.metrics.label_counts import Average

__all__ = ["TagsObjective"]


class TagsObjective(Objective):
    """Learns a tag for each word; every token that has a target counts in the loss.

    A batch is one of :class:`dsf.data.batching.TokenBatches` with the token field ``targets``
    (:data:`dsf.losses.IGNORED` where there is no loss) and, when it is not for training,
    ``first`` (whether a token begins a word that its window answers), ``words`` (number of the
    word) and ``rows`` (number of the row): a row may lie in several windows.

    If the tags mark spans, precision, recall and F1 are those of the spans, strictly. While
    training, spans are those of the tokens that have a target, window by window.

    Args:
        loss_function: Takes scores ``(tokens, tags)`` and targets ``(tokens,)``.
        tags: All tags, in the order of their numbers.
        scheme: ``iob2`` or ``bilou`` if tags mark spans, else ``None``.
        metrics_config: Metric → whether it is wanted.
        average: ``micro``, ``macro`` or ``weighted``.
    """

    def __init__(
        self,
        loss_function: nn.Module,
        tags: Sequence[str],
        scheme: str | None,
        metrics_config: Mapping[str, bool],
        average: Average = "micro",
    ) -> None:
        super().__init__()
        self.loss_function = loss_function
        self.tags = list(tags)
        self.scheme = scheme
        self.metrics_config = dict(metrics_config)
        self.average = average

    def read(self, batch: Any) -> tuple[tuple[Any, ...], Tensor]:
        """Part the tokens from the targets."""
        return (batch["input_ids"], batch["lengths"]), batch["targets"]

    def loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Call the loss function."""
        loss: Tensor = self.loss_function(logits, targets)
        return loss

    def size(self, targets: Tensor) -> int:
        """Count the tokens that have a target."""
        return int((targets != IGNORED).sum())

    def keep(self, phase: str, batch: Any, logits: Tensor, targets: Tensor) -> dict[str, Tensor]:
        """Give answers and targets of the tokens that count, and whose words they are."""
        at = targets != IGNORED
        if phase == "train":
            places = {"begins": _begins(batch["lengths"], at)}
        else:
            at = at & batch["first"]
            places = {name: batch[name][at] for name in ("rows", "words")}
        return {"answers": logits[at].argmax(dim=-1), "targets": targets[at], **places}

    def nothing(self, phase: str) -> dict[str, Tensor]:
        """Give no tokens."""
        places = {"rows": torch.int64, "words": torch.int32}
        if phase == "train":
            places = {"begins": torch.bool}
        types = {"answers": torch.int64, "targets": torch.int64, **places}
        return {name: torch.empty(0, dtype=one) for name, one in types.items()}

    def score(self, phase: str, kept: Mapping[str, Tensor]) -> dict[str, float]:
        """Score tags, or spans."""
        answers, targets = kept["answers"], kept["targets"]
        accuracy = float((answers == targets).double().mean()) if len(targets) else 0.0
        if self.scheme is None:
            counts = count_answers(answers, targets, len(self.tags))
        else:
            counts = self._count_spans(kept, *_places(kept))
        return pick_scores(self.metrics_config, accuracy, counts, self.average)

    def answer(self, logits: Tensor) -> Tensor:
        """Give the probabilities. Shape: ``(tokens, tags)``."""
        return logits.float().softmax(dim=-1)

    def _count_spans(
        self, kept: Mapping[str, Tensor], order: np.ndarray, ends: np.ndarray
    ) -> LabelCounts:
        answers, targets = (
            [self._spans(row) for row in np.split(kept[name].numpy()[order], ends)]
            for name in ("answers", "targets")
        )
        labels = list(dict.fromkeys(split_tag(tag)[1] for tag in self.tags if "-" in tag))
        return count_spans(targets, answers, labels)

    def _spans(self, numbers: np.ndarray) -> list[TokenSpan]:
        return tags_to_spans([self.tags[number] for number in numbers], str(self.scheme))


def _begins(lengths: Tensor, at: Tensor) -> Tensor:
    """Say of each token that counts whether it is the first of its window that does."""
    numbers = torch.arange(len(lengths), device=lengths.device)
    windows = numbers.repeat_interleave(lengths, output_size=len(at))[at]
    return torch.cat([windows.new_ones(min(1, len(windows))), windows.diff()]) > 0


def _places(kept: Mapping[str, Tensor]) -> tuple[np.ndarray, np.ndarray]:
    """Give the order in which tokens follow one another, and where in it a text ends."""
    if "begins" in kept:
        begins = kept["begins"].numpy()
        return np.arange(len(begins)), np.flatnonzero(begins)[1:]
    rows, words = kept["rows"].numpy(), kept["words"].numpy()
    order = np.lexsort((words, rows))
    return order, np.flatnonzero(np.diff(rows[order])) + 1
