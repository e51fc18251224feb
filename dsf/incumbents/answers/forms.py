"""The forms in which models give labels and probabilities: one answer to one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Said", "read_number", "read_said"]

_LABEL = ("label", "prediction")
_LABELS = ("labels", "predictions")
_SCORE = ("score", "probability", "confidence")


class Said(NamedTuple):
    """What one answer says.

    Attributes:
        labels: The names of the labels that it gives; ``None`` if it gives probabilities alone.
        probabilities: Name → probability; a list stands for all labels in their order.
    """

    labels: list[Any] | None = None
    probabilities: Mapping[Any, Any] | Sequence[Any] | None = None


def read_said(answer: Any) -> Said | None:
    """Read one answer to a row; ``None`` if it is in no form that is known.

    ==========================================  ================================================
    ``"yes"``, ``3``                            a label
    ``["yes", "late"]``                         several labels
    ``[0.9, 0.1]``                              probabilities of all labels in their order
    ``{"yes": 0.9, "no": 0.1}``                 probabilities by label
    ``[{"label": "yes", "score": 0.9}, …]``     the same
    ``{"label": "yes", "score": 0.9}``          a label; what one label scores says too little
    ``{"label": …, "probabilities": …}``        a label, and the probabilities of all
    ``{"labels": […], "probabilities": …}``     several labels, and the probabilities of all
    ==========================================  ================================================
    """
    answer = answer.tolist() if isinstance(answer, np.ndarray) else answer
    if isinstance(answer, Mapping):
        return _read_mapping(answer)
    if isinstance(answer, list | tuple):
        return _read_list(list(answer))
    if answer is None or (isinstance(answer, float) and np.isnan(answer)):
        return None
    return Said([answer])


def read_number(value: Any) -> float:
    """Read a probability; not a number if it is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _read_mapping(answer: Mapping[Any, Any]) -> Said | None:
    label, labels = _first(answer, _LABEL), _first(answer, _LABELS)
    probabilities = answer.get("probabilities")
    if labels is not None and not _is_number(labels):
        return Said(list(labels), _by_name(probabilities))
    alone = set(answer) <= {*_LABEL, *_SCORE}  # else these are names of labels themselves
    if label is not None and (not _is_number(label) or alone or probabilities is not None):
        return Said([label], _by_name(probabilities))
    if probabilities is not None and not _is_number(probabilities):
        return Said(None, _by_name(probabilities))
    if answer and all(isinstance(value, Real) for value in answer.values()):
        return Said(None, answer)
    return None


def _read_list(answer: list[Any]) -> Said | None:
    if answer and all(isinstance(item, Mapping) for item in answer):
        named = _by_name(answer)
        return None if named is None else Said(None, named)
    if answer and all(isinstance(item, float) for item in answer):
        return Said(None, answer)
    if any(isinstance(item, Mapping | list | tuple) for item in answer):
        return None
    return Said(answer)


def _by_name(probabilities: Any) -> Any:
    """Make ``{name: probability}`` of ``[{"label": name, "score": probability}, …]``."""
    if not isinstance(probabilities, list | tuple):
        return probabilities
    if not probabilities or not all(isinstance(item, Mapping) for item in probabilities):
        return probabilities
    pairs = [(_first(item, _LABEL), _first(item, _SCORE)) for item in probabilities]
    if any(name is None or score is None for name, score in pairs):
        return None
    return dict(pairs)


def _first(answer: Mapping[Any, Any], keys: Sequence[str]) -> Any:
    return next((answer[key] for key in keys if answer.get(key) is not None), None)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
