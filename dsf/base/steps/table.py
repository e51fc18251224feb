"""The steps of a run, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.base.steps.compare import COMPARE
from dsf.base.steps.evaluate import EVALUATE
from dsf.base.steps.export import EXPORT
from dsf.base.steps.fit import FIT
from dsf.base.steps.register import REGISTER
from dsf.base.steps.split import SPLIT
from dsf.base.steps.test import TEST

if TYPE_CHECKING:
    from dsf.base.steps.step import Step

__all__ = ["STEPS"]

_IN_ORDER = (SPLIT, FIT, TEST, EVALUATE, COMPARE, EXPORT, REGISTER)

STEPS: dict[str, Step] = {step.name: step for step in _IN_ORDER}
