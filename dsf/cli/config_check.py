"""Every name of a loss, an optimizer or a callback in a config, looked up before a run does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dsf.core.errors import BadReferenceError, ConfigError, Problem
from dsf.core.references import is_reference, resolve

__all__ = ["check_references"]

# Keys under which plain text is a reference; elsewhere it is one in lists only.
_NAMED = frozenset({"model_config.loss_function", "model_config.optimizer"})


def check_references(config: Mapping[str, Any]) -> int:
    """Look up every reference of a config, with its arguments; nothing is called.

    Returns:
        How many there are.

    Raises:
        ConfigError: If any cannot be used; lists all of them.
    """
    problems: list[Problem] = []
    found = list(_references(config, ""))
    for where, reference in found:
        try:
            resolve(reference, where=where)
        except BadReferenceError as error:
            problems += [Problem("", line) for line in str(error).splitlines()]
    if problems:
        raise ConfigError("The config names what cannot be used.", problems)
    return len(found)


def _references(value: Any, where: str, *, in_list: bool = False) -> Iterator[tuple[str, Any]]:
    """Give the outermost references with their places; those inside are resolved with them."""
    textual = isinstance(value, str) and (in_list or where in _NAMED)
    if is_reference(value) and (textual or isinstance(value, Mapping)):
        yield where, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _references(item, f"{where}.{key}".strip("."))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _references(item, f"{where}.{index}", in_list=True)
