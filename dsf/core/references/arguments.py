"""Do the arguments of a reference fit the signature of what it names?"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from dsf.core.errors import Problem
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["check_arguments"]

_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
# With these, what is loaded may bring its own code: no config has a reason to ask for that.
_REFUSED = {"trust_remote_code": True, "weights_only": False}


def check_arguments(
    target: Any,
    name: str,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    *,
    where: str,
    key: str = "",
    runtime: Iterable[str] = (),
    complete: bool = True,
) -> list[Problem]:
    """List what keeps a call from being made, without making it.

    Args:
        target: What would be called.
        name: Its name, for messages.
        args: Positional arguments.
        kwargs: Arguments by name that the config gives.
        where: Config path of the reference.
        key: Key under it that holds the arguments.
        runtime: Names of arguments that the caller adds.
        complete: Whether all arguments are there, or more may follow.
    """
    place = f"{where}.{key}".strip(".")
    if not callable(target):
        return [Problem(where, f"{name!r} must be a class or function to take arguments")]
    problems = [
        Problem(f"{place}.{argument}", f"must not be {value!r}: it would let a file run code")
        for argument, value in _REFUSED.items()
        if kwargs.get(argument) is not None and bool(kwargs[argument]) is value
    ]
    try:
        signature = inspect.signature(target)
    except (TypeError, ValueError):  # functions in C need not tell
        return problems
    names = [p.name for p in signature.parameters.values() if p.kind in _BY_NAME]
    if not any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values()):
        for argument in kwargs:
            if argument not in names:
                known = did_you_mean(argument, names) or f" It takes: {', '.join(names) or 'none'}."
                problems.append(Problem(place, f"{name!r} has no argument {argument!r}.{known}"))
        for argument in runtime:
            if argument not in names:
                problems.append(Problem(where, f"{name!r} must take the argument {argument!r}"))
    return problems or _bind(signature, name, args, [*kwargs, *runtime], place, complete)


def _bind(
    signature: inspect.Signature,
    name: str,
    args: tuple[Any, ...],
    given: list[str],
    where: str,
    complete: bool,
) -> list[Problem]:
    if complete:
        positional = list(signature.parameters)[: len(args)]
        missing = [
            p.name
            for p in signature.parameters.values()
            if p.default is p.empty
            and p.kind in _BY_NAME
            and p.name not in given
            and p.name not in positional
        ]
        if missing:
            names = ", ".join(map(repr, missing))
            return [Problem(where, f"{name!r} needs a value for {names}")]
    bind = signature.bind if complete else signature.bind_partial
    try:
        bind(*args, **dict.fromkeys(given))
    except TypeError as error:
        return [Problem(where, f"{name!r} does not take these arguments: {error}")]
    return []
