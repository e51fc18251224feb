"""Single values set from outside: ``--set a.b.0.c=v`` and ``DSF__a__b__0__c=v``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.core.config.tree import copy_tree, dotted, merge
from dsf.core.config.wording import show_value
from dsf.core.errors import Problem
from dsf.core.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Edit", "apply_edit", "read_environ", "read_overrides"]

PREFIX = "DSF__"


@dataclass(frozen=True)
class Edit:
    """One value and where it goes.

    Attributes:
        path: Keys and indexes, as they were written.
        value: What to set; read as YAML.
        source: Where it was written, for messages.
    """

    path: tuple[str, ...]
    value: Any
    source: str


class _PathError(Exception):
    """Raised when a path does not lead into the data; its text says why."""


def read_overrides(overrides: Iterable[str]) -> tuple[list[Edit], list[Problem]]:
    """Read what was given with ``--set``, in the order given."""
    edits: list[Edit] = []
    problems: list[Problem] = []
    for override in overrides:
        name, equals, text = override.partition("=")
        path = tuple(part.strip() for part in name.split("."))
        if not equals or not all(path):
            message = f"must be written path.to.key=value, not {override!r}"
            problems.append(Problem("--set", message))
            continue
        _read(path, text, f"--set {override}", edits, problems)
    return edits, problems


def read_environ(environ: Mapping[str, str]) -> tuple[list[Edit], list[Problem]]:
    """Read all variables that begin with ``DSF__``, in the order of their names."""
    edits: list[Edit] = []
    problems: list[Problem] = []
    for name in sorted(environ):
        if not name.startswith(PREFIX):
            continue
        path = tuple(name.removeprefix(PREFIX).split("__"))
        if not all(path):
            message = "must be written DSF__section__key, with a name in each place"
            problems.append(Problem(f"environment: {name}", message))
            continue
        _read(path, environ[name], f"environment: {name}", edits, problems)
    return edits, problems


def apply_edit(tree: dict[Any, Any], edit: Edit) -> Problem | None:
    """Set a value in nested data, in place: one item of a list, or a key, which may be new.

    A mapping is laid over the mapping that is there; all else replaces.

    Returns:
        What is wrong, if the path does not lead into the data; then nothing is changed.
    """
    try:
        container, key = _descend(tree, edit.path)
    except _PathError as error:
        return Problem(dotted(edit.path), f"{error} ({edit.source})")
    below = container[key] if not isinstance(container, dict) else container.get(key)
    if isinstance(below, dict) and isinstance(edit.value, dict):
        container[key] = merge({"": below}, {"": edit.value})[""]
    else:
        container[key] = copy_tree(edit.value)
    return None


def _read(
    path: tuple[str, ...], text: str, source: str, edits: list[Edit], problems: list[Problem]
) -> None:
    document = parse_yaml(text)
    problems += [Problem(source, f"the value {fault.message}") for fault in document.faults]
    if not document.faults:
        edits.append(Edit(path, document.data, source))


def _descend(tree: dict[Any, Any], path: tuple[str, ...]) -> tuple[Any, str | int]:
    """Give the container of the last key, and that key as the container has it.

    Mappings that are not there are made, but only if the whole path is right.
    """
    value: Any = tree
    for depth, part in enumerate(path):
        if isinstance(value, list):
            key: str | int = _index(value, part, dotted(path[:depth]))
        elif isinstance(value, dict):
            key = _find_key(value, part)
        else:
            where = dotted(path[:depth])
            raise _PathError(f"{where} is {show_value(value)}, which has no key {part!r}")
        if depth == len(path) - 1:
            return value, key
        below = value.get(key) if isinstance(value, dict) else value[key]
        if below is None:
            _check_new(path, depth + 1)
            below = value[key] = {}
        value = below
    raise AssertionError("a path has at least one part")


def _index(items: list[Any], part: str, where: str) -> int:
    count = f"{len(items)} item{'' if len(items) == 1 else 's'}"
    if not part.isdecimal():
        raise _PathError(f"{where} is a list of {count}: an index is needed, not {part!r}")
    if len(part) > 9 or int(part) >= len(items):
        raise _PathError(f"index {part} out of range: {where} has {count}")
    return int(part)


def _find_key(mapping: dict[Any, Any], part: str) -> str | int:
    if part in mapping or not part.isdecimal() or len(part) > 9:
        return part
    return int(part) if any(isinstance(key, int) for key in mapping) else part


def _check_new(path: tuple[str, ...], depth: int) -> None:
    """Refuse to make a list: an index can only name an item that is there."""
    for position in range(depth, len(path)):
        if path[position].isdecimal():
            where = dotted(path[:position])
            raise _PathError(f"index {path[position]} out of range: there is no list at {where}")
