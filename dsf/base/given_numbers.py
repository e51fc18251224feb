"""Numbers and arrays that a project's hook gave, read or refused by their names."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from dsf.base.hooks import result_error
from dsf.core.excerpts import excerpt

__all__ = ["read_array", "read_numbers"]

_LONGEST = 60
"""Characters of a value in a message."""

_ROUNDING = 2.0**-8
"""How far a sum of probabilities in bfloat16 may be off: it has eight bits of a number."""


def read_numbers(owner: object, given: Mapping[Any, Any]) -> dict[str, Any]:
    """Make a hook's dict of numbers one that JSON can hold.

    Args:
        owner: The project's object whose ``execute`` gave it; named in errors.
        given: Metric → a number, of numpy or torch too, or a dict of what belongs to it.

    Raises:
        HookResultError: If a value is neither, or not finite; lists all.
    """
    numbers = _plain(given)
    wrong = [
        f"{name} is {_shown(value)}"
        for name, value in numbers.items()
        if not isinstance(value, int | float | dict)
    ]
    if wrong := list(dict.fromkeys([*wrong, *_misfits(numbers)])):
        message = f"must return finite numbers, or dicts of them, but {', '.join(wrong)}"
        raise result_error(owner, "execute", message)
    return dict(numbers)


def read_array(owner: object, given: Any) -> np.ndarray:
    """Take a numpy array out of an array, a table, a list or a tensor on any device.

    Args:
        owner: The project's object whose ``execute`` gave it; named in errors.
        given: Labels, or probabilities.

    Raises:
        HookResultError: If no array can be made of it.
    """
    try:
        if hasattr(given, "detach"):
            return _read_tensor(given.detach().cpu())
        return np.asarray(given)
    except (TypeError, ValueError) as error:
        message = (
            f"must return an array of labels or probabilities, but returned {_shown(given)}, which "
            f"is none: {error}"
        )
        raise result_error(owner, "execute", message) from error


def _read_tensor(tensor: Any) -> np.ndarray:
    """Read a tensor in memory; numpy has no bfloat16, and its sums of 1 are off by its rounding."""
    if str(tensor.dtype) != "torch.bfloat16":
        return np.asarray(tensor)
    values = np.asarray(tensor.float(), dtype=np.float64)
    if values.ndim != 2:
        return values
    sums = values.sum(axis=1, keepdims=True)
    near = np.abs(sums - 1) <= _ROUNDING
    np.divide(values, sums, out=values, where=near)
    return values


def _plain(value: Any) -> Any:
    """Turn what numpy and torch have for a number into one of Python, also deep within."""
    if isinstance(value, Mapping):
        return {_number(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _number(value)


def _number(value: Any) -> Any:
    if not hasattr(value, "item"):
        return value
    try:
        return value.item()
    except (RuntimeError, TypeError, ValueError):  # of more than one number
        return value


def _misfits(value: Any, path: str = "") -> Iterator[str]:
    """Say what JSON has no word for, and where it stands."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if not isinstance(name, str | int | float):
                yield f"{path or 'it'} has the name {_shown(name)}"
            yield from _misfits(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _misfits(item, f"{path}[{at}]")
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield f"{path} is {value}"
    elif not (value is None or isinstance(value, str | int)):
        yield f"{path} is {_shown(value)}"


def _shown(value: Any) -> str:
    """Write a value in one line, its beginning if it is long."""
    if isinstance(value, list | tuple):
        return excerpt(value, 2)
    text = " ".join(repr(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
