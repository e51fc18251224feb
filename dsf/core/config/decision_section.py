"""What validation rows settle for a fitted model: how sure it is, and when it keeps still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from dsf.core.config.sections import KeysProblem, Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dsf.core.errors import Problem

__all__ = ["AbstainConfig", "CalibrationConfig"]


class CalibrationConfig(Section):
    """How probabilities are made to mean what they say, learned from validation rows."""

    method: Literal["temperature", "isotonic"] | None = None
    """temperature: one number makes all more or less sure; isotonic: any rising curve, which wants
    hundreds of rows a label; null: probabilities stay as the model gives them."""


class AbstainConfig(Section):
    """When the model keeps still, in place of answering a row that it is not sure of."""

    risk: float | None = Field(default=None, gt=0, lt=1)
    """Largest share of errors among the answered rows; null: no such wish."""
    coverage: float | None = Field(default=None, gt=0, le=1)
    """Share of the validation rows that must be answered; null: no such wish."""
    certainty: float = Field(default=0.95, gt=0.5, lt=1)
    """How sure it must be that the risk is kept, by the number of validation rows."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check that one thing is wished, not two."""
        if values.get("risk") is not None and values.get("coverage") is not None:
            message = "must be null where coverage is set: each of them decides the confidence"
            return [KeysProblem("risk", message, ("risk", "coverage"))]
        return []
