"""What a function of the project's own is given, by the names of its parameters."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PROBABILITIES", "SCORES", "find_columns", "find_faults", "name_of", "needs_scores"]

TARGETS = "targets"
PREDICTIONS = "predictions"
PROBABILITIES = "probabilities"
SCORES = "scores"

_NAMES = {
    TARGETS: ("targets", "y_true", "y1"),
    PREDICTIONS: ("predictions", "y_pred", "y2"),
    PROBABILITIES: ("probabilities",),
    SCORES: ("y_score", "y_proba", "y_prob"),
}
_COLUMN_OF = {name: column for column, names in _NAMES.items() for name in names}
_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
_OLD = "deprecated"  # what scikit-learn's parameters that it will drop stand at


def find_columns(function: Callable[..., Any]) -> dict[str, str]:
    """Find which parameters are given which column: ``{"y_true": "targets", …}``.

    Args:
        function: Anything that can be called and tells its parameters.
    """
    return {
        name: _COLUMN_OF[name]
        for name, parameter in _open_parameters(function).items()
        if name in _COLUMN_OF and parameter.kind in _BY_NAME and parameter.default != _OLD
    }


def needs_scores(function: Callable[..., Any]) -> bool:
    """Say whether a function cannot do without the probability of every label.

    It can if its parameter for them has a default and it takes the answers as well.
    """
    parameters, columns = _open_parameters(function), find_columns(function)
    takes_answers = PREDICTIONS in columns.values()
    return any(
        column in (PROBABILITIES, SCORES)
        and (parameters[name].default is inspect.Parameter.empty or not takes_answers)
        for name, column in columns.items()
    )


def find_faults(function: Callable[..., Any]) -> list[str]:
    """List why a function cannot be called as a metric."""
    try:
        parameters = _open_parameters(function)
    except (TypeError, ValueError):
        return [f"{name_of(function)} must tell its parameters, but does not. Wrap it in a def."]
    columns = find_columns(function)
    if not columns:
        known = ", ".join(_COLUMN_OF)
        return [
            f"{name_of(function)} must have parameters of these names: {known}; but it has "
            f"{', '.join(parameters) or 'none'}."
        ]
    return [
        f"{name_of(function)} needs a value for {name!r}. Give it in kwargs, or give it a default."
        for name, parameter in parameters.items()
        if name not in columns
        and parameter.default is inspect.Parameter.empty
        and parameter.kind not in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    ]


def name_of(function: Callable[..., Any]) -> str:
    """Name a function by its module and its name there."""
    function = getattr(function, "func", function)
    name = getattr(function, "__qualname__", type(function).__qualname__)
    return f"{function.__module__}.{name}"


def _open_parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Give the parameters that the config has not filled."""
    filled = function.keywords if isinstance(function, partial) else {}
    parameters = inspect.signature(function).parameters
    return {name: one for name, one in parameters.items() if name not in filled}
