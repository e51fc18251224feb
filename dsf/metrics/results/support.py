"""How often each label is true: what the numbers of a label rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.metrics.answers import OutputAnswers
from dsf.metrics.answers.label_sums import split_sums

if TYPE_CHECKING:
    from dsf.metrics.answers import Answers

__all__ = ["SUPPORT", "add_support"]

SUPPORT = "support"
"""Where it stands beside the metrics of the labels."""


def add_support(results: dict[str, Any], answers: Answers) -> None:
    """Put label → how often it is true beside the numbers of the labels, where there are any.

    Rows are counted, of tags tokens, of entities entities.

    Args:
        results: What :func:`dsf.metrics.results.measured.arrange_numbers` gives; is changed.
        answers: What was answered.
    """
    if isinstance(answers, OutputAnswers):
        for output, one in answers.outputs.items():
            add_support(results.get("outputs", {}).get(output, {}), one)
    elif "labels" in results:
        results["labels"][SUPPORT] = _count(answers)


def _count(answers: Answers) -> dict[str, int]:
    kinds = answers.label_sums
    repeats = np.bincount(kinds.codes, minlength=kinds.table.shape[0])
    true = split_sums((repeats @ kinds.table)[None]).counts.true[0]
    return {str(label): int(number) for label, number in zip(answers.labels, true, strict=True)}
