"""Whether two models were scored against the same truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import Problem
from dsf.core.excerpts import count, excerpt
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["truth_problems"]


def truth_problems(trained: AnyPredictions, existing: AnyPredictions) -> list[Problem]:
    """List the rows on whose truth two models' files do not agree.

    Args:
        trained: What the new model answered.
        existing: What the existing one answered, of the same kind and rows, with the same labels.
    """
    if isinstance(trained, MultiOutputPredictions) and isinstance(existing, MultiOutputPredictions):
        return [
            Problem(f"{problem.where} of {name}", problem.message)
            for name, answers in trained.outputs.items()
            for problem in truth_problems(answers, existing.outputs[name])
        ]
    problems = []
    if isinstance(trained, TagPredictions) and isinstance(existing, TagPredictions):
        wrong = _unequal(trained.tokens, existing.tokens)
        if wrong.any():
            return [_problem("tokens", wrong, trained.row_ids)]
    differ = _unequal(trained.targets, existing.targets)  # type: ignore[union-attr]
    if differ.any():
        problems.append(_problem("targets", differ, trained.row_ids))
    return problems


def _unequal(first: Any, second: Any) -> NDArray[np.bool_]:
    if isinstance(first, np.ndarray):
        # As objects: numpy does not compare numbers with text.
        differ = np.asarray(first, dtype=object) != np.asarray(second, dtype=object)
        return np.asarray(differ.any(axis=1) if differ.ndim == 2 else differ, dtype=bool)
    return np.array([list(a) != list(b) for a, b in zip(first, second, strict=True)], dtype=bool)


def _problem(name: str, wrong: NDArray[np.bool_], row_ids: NDArray[Any]) -> Problem:
    rows = count(int(wrong.sum()), "row")
    message = f"must be the same for both models, but differ in {rows}: {excerpt(row_ids[wrong])}."
    return Problem(name, message)
