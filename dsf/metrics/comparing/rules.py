"""What a verdict is about, as the section ``comparison_config`` says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dsf.metrics.comparing.verdict import Rule

__all__ = ["ComparisonRules"]


@dataclass(frozen=True)
class ComparisonRules:
    """How two models are judged.

    Attributes:
        metrics: What the verdict is about; ``None``: the main metric of the task.
        rule: What must be shown of each.
        margin: How much worse is still not worse, in units of the metric.
        alpha: Level below which a corrected p-value is called significant.
        slice_rule: What every slice must show, too; ``None``: slices decide nothing.
        smallest_slice: Rows that a slice must have to be compared.
    """

    metrics: tuple[str, ...] | None = None
    rule: Rule = "superiority"
    margin: float = 0.01
    alpha: float = 0.05
    slice_rule: Rule | None = None
    smallest_slice: int = 30
