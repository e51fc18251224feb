"""A metric of the project's own: any function of truth and answers."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import HookResultError
from dsf.metrics.answers.scored import ScoredAnswers
from dsf.metrics.statistics.looped import Looped

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dsf.metrics.answers.answers import Answers

__all__ = ["make_own"]

_NAMES = {
    "targets": ("targets", "y_true", "truth"),
    "predictions": ("predictions", "y_pred", "answers"),
    "probabilities": ("probabilities", "y_score", "y_proba", "y_prob"),
}


def make_own(function: Callable[..., Any], answers: Answers) -> Looped:
    """Make a statistic of a function.

    What it gets goes by the names of its parameters: ``targets`` (or ``y_true``),
    ``predictions`` (``y_pred``) and ``probabilities`` (``y_score``, ``y_proba``). So the metrics
    of scikit-learn fit as they are. Targets and predictions are label values, or 0 and 1 for
    each of several labels, or a list of tags for each row.

    Args:
        function: Gives a number; called once a sample of rows.
        answers: What was answered.

    Raises:
        HookResultError: If it takes none of these, or gives no number.
    """
    columns = _columns(answers)
    wanted = {}
    for parameter in inspect.signature(function).parameters:
        for column, names in _NAMES.items():
            if parameter in names and column in columns:
                wanted[parameter] = columns[column]
    if not wanted:
        known = ", ".join(name for names in _NAMES.values() for name in names)
        raise HookResultError(
            f"{_name(function)}: a metric must have parameters of these names: {known}; but it has "
            f"{', '.join(inspect.signature(function).parameters) or 'none'}."
        )

    def number(**rows: NDArray[Any]) -> float:
        result = function(**rows)
        try:
            return float(result)
        except (TypeError, ValueError):
            message = f"{_name(function)}: a metric must give a number, but gave {result!r}."
            raise HookResultError(message) from None

    return Looped(number, wanted)


def _columns(answers: Answers) -> dict[str, NDArray[Any]]:
    predictions: Any = answers.predictions
    found = {
        "targets": _by_row(predictions.targets),
        "predictions": _by_row(predictions.predictions),
    }
    if isinstance(answers, ScoredAnswers) and answers.probabilities is not None:
        found["probabilities"] = answers.probabilities
    return found


def _by_row(values: Any) -> NDArray[Any]:
    """Make an array with one item a row, lists of tags too."""
    if isinstance(values, np.ndarray):
        return values
    rows = np.empty(len(values), dtype=object)
    rows[:] = [list(value) for value in values]
    return rows


def _name(function: Callable[..., Any]) -> str:
    function = getattr(function, "func", function)
    return f"{function.__module__}.{getattr(function, '__qualname__', function)}"
