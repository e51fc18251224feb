"""A metric of the project's own: any function of truth and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import HookRaisedError, HookResultError
from dsf.metrics.answers.scored import ScoredAnswers
from dsf.metrics.answers.single import SingleAnswers
from dsf.metrics.scores.own_number import own_number
from dsf.metrics.scores.own_parameters import (
    PROBABILITIES,
    SCORES,
    find_columns,
    find_faults,
    name_of,
)
from dsf.metrics.statistics.looped import Looped
from dsf.metrics.statistics.number import HEADLINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dsf.metrics.answers.answers import Answers

__all__ = ["make_own"]


def make_own(function: Callable[..., Any], answers: Answers, where: str = "") -> Looped:
    """Make a statistic of a function.

    What it gets goes by the names of its parameters: ``targets`` or ``y_true``; ``predictions``
    or ``y_pred``; ``probabilities``, one column a label; and ``y_score`` or ``y_proba``, the same
    as scikit-learn wants it: the columns in the order of the sorted labels, and of two labels that
    of the last alone. So the metrics of scikit-learn fit as they are. Targets and predictions are
    label values, or 0 and 1 for each of several labels, or a list of tags for each row. All are
    numpy arrays with the rows first.

    Args:
        function: Gives a number; NaN where the rows have none. Called once a sample of rows, of
            several samples at a time.
        answers: What was answered.
        where: Config path, for messages.

    Raises:
        HookResultError: If it takes none of these, or gives no number.
        HookRaisedError: If it ends with an error of its own.
    """
    called = f"{where}: {name_of(function)}".removeprefix(": ")
    if faults := find_faults(function):
        raise HookResultError(" ".join(faults))
    columns = {name: _column(answers, column) for name, column in find_columns(function).items()}
    there = {name: values for name, values in columns.items() if values is not None}
    made = Looped(own_number(function, called), there)
    missing = bool(np.isnan(made.measure()[0]))
    made.function = _of_samples(made.function)
    if missing:
        made.undefined = {HEADLINE: f"{name_of(function)} gives no finite number for these rows"}
    return made


def _of_samples(number: Callable[..., float]) -> Callable[..., float]:
    """Let an error say that it came of a sample, once the rows as they are went well."""

    def of_sample(**columns: Any) -> float:
        try:
            return number(**columns)
        except HookRaisedError as error:
            hint = "This was a sample of the rows, which may lack a label: give NaN then."
            raise HookRaisedError(f"{error}. {hint}") from error.__cause__

    return of_sample


def _column(answers: Answers, column: str) -> NDArray[Any] | None:
    """Give what a function is given, with the rows first; ``None`` if there are no such."""
    if column not in (PROBABILITIES, SCORES):
        return _by_row(getattr(answers.predictions, column))
    if not isinstance(answers, ScoredAnswers) or answers.probabilities is None:
        return None
    if column == PROBABILITIES or not isinstance(answers, SingleAnswers):
        return answers.probabilities
    ordered = sorted(range(len(answers.labels)), key=answers.labels.__getitem__)
    return answers.probabilities[:, ordered[-1] if len(ordered) == 2 else ordered]


def _by_row(values: Any) -> NDArray[Any]:
    """Make an array with one item a row, lists of tags too."""
    if isinstance(values, np.ndarray):
        return values
    rows = np.empty(len(values), dtype=object)
    rows[:] = [list(value) for value in values]
    return rows
