"""How the new model is compared with the existing one, and by which rule it is judged."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dsf.core.config.sections import Section

__all__ = ["ComparisonConfig"]

Names = Annotated[list[str], Field(min_length=1)]


class ComparisonConfig(Section):
    """How the two models are compared."""

    metrics: Names | None = None
    """Metrics that the verdict is about, all of them at once; null: the main one of the task."""
    rule: Literal["superiority", "non_inferiority"] = "superiority"
    """What passes: only what is better, or also what is not worse by the margin or more."""
    margin: float = Field(default=0.01, ge=0, allow_inf_nan=False)
    """How much worse is still not worse, in units of the metric; 0.01 of an accuracy is a point."""
    alpha: float = Field(default=0.05, gt=0, lt=1)
    """Level of the tests: a p-value below it, after Holm's correction, is called significant."""
    slices: list[str] = Field(default_factory=list)
    """Columns of the test rows by whose values the models are compared as well; length: that of
    the text."""
    slice_rule: Literal["superiority", "non_inferiority"] | None = None
    """What every slice must pass, too; null: slices are shown and decide nothing."""
    smallest_slice: int = Field(default=30, ge=1)
    """Rows that a slice must have to be compared."""
