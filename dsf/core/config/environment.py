"""Environment variables in a config: ``${env:NAME}`` inside of values.

The text that comes from them remembers how it was spelled, and is recorded that way: a password
that is read from the environment never lands in a run folder.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dsf.core.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dsf.core.yaml_text import KeyPath

__all__ = ["EnvironmentText", "escape_text", "fill_environment", "unescape_text"]

_PLACEHOLDER = re.compile(r"(\$?)\$\{env:([^}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


class EnvironmentText(str):
    """Text that came from the environment.

    It is text in every way; only :func:`dsf.core.config.freeze_config` sees the difference.

    Attributes:
        spelling: What stands in the config, with ``${env:NAME}`` in it.
    """

    __slots__ = ("spelling",)
    spelling: str

    def __new__(cls, text: str, spelling: str) -> EnvironmentText:
        """Make the text."""
        made = super().__new__(cls, text)
        made.spelling = spelling
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (str(self), self.spelling))


def fill_environment(
    value: Any,
    environ: Mapping[str, str],
    where_from: Callable[[KeyPath], str],
    path: KeyPath = (),
) -> tuple[Any, list[Problem]]:
    """Put environment variables in place of ``${env:NAME}``, everywhere in nested data.

    ``$${env:NAME}`` stands for the text ``${env:NAME}`` itself. Keys are left alone.

    Args:
        value: Mappings, lists and values; it is not changed.
        environ: Names and values of the variables.
        where_from: Says where a path was set, for messages.
        path: Where ``value`` is.

    Returns:
        The filled data, and a problem for each variable that is not set.
    """
    if isinstance(value, str):
        return _fill_text(value, environ, where_from, path)
    if isinstance(value, dict):
        children = list(value.items())
    elif type(value) is list:
        children = list(enumerate(value))
    else:
        return value, []
    problems: list[Problem] = []
    filled = []
    for key, item in children:
        new, found = fill_environment(item, environ, where_from, (*path, key))
        filled.append((key, new))
        problems += found
    return (dict(filled) if isinstance(value, dict) else [new for _, new in filled]), problems


def escape_text(text: str) -> str:
    """Spell text so that it is read as itself, even if it looks like ``${env:NAME}``."""
    return re.sub(r"\$\{env:[^}]*\}", lambda match: "$" + match.group(), text)


def unescape_text(text: str) -> str:
    """Undo :func:`escape_text`; a spelling that stands for a variable stays as it is."""
    if any(not match.group(1) for match in _PLACEHOLDER.finditer(text)):
        return text
    return _PLACEHOLDER.sub(lambda match: match.group()[1:], text)


def _fill_text(
    text: str, environ: Mapping[str, str], where_from: Callable[[KeyPath], str], path: KeyPath
) -> tuple[str, list[Problem]]:
    problems: list[Problem] = []
    used: list[str] = []

    def replace(match: re.Match[str]) -> str:
        escaped, name = match.groups()
        if escaped:
            return match.group()[1:]
        used.append(name)
        if _NAME.match(name) and name in environ:
            return environ[name]
        problem = (
            f"the environment variable {name!r} must be set, but is not"
            if _NAME.match(name)
            else f"an environment variable is written ${{env:NAME}}, not {match.group()!r}"
        )
        place = ".".join(map(str, path))
        problems.append(Problem(place, f"{problem}{where_from(path)}"))
        return ""

    filled = _PLACEHOLDER.sub(replace, text)
    return (EnvironmentText(filled, text) if used else filled), problems
