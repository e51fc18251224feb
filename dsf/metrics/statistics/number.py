"""What one number of a metric is of: everything, an output, a label, or a label of an output."""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["HEADLINE", "Number"]


class Number(NamedTuple):
    """Which of a metric's numbers it is.

    Attributes:
        label: The label it is of; ``None`` if it is of all.
        output: The output it is of, where a row has several; ``None`` if it is of all.
    """

    label: Any = None
    output: str | None = None


HEADLINE = Number()
"""The number that stands for the metric: of all labels and outputs together."""
