"""The three spellings of a reference; nothing is imported to read them.

========================================  =====================================================
``"pkg.module:name"``                     the object itself
``{module, func, args, kwargs}``          the object, or with arguments a partial of it
``{class_path, init_args}``               the same; ``class_path`` is ``pkg.module.Class``
========================================  =====================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dsf.core.errors import Problem
from dsf.core.references.policy import (
    find_denied,
    find_replacement,
    has_dunder,
    rewrite_alias,
)
from dsf.core.suggestions import did_you_mean

__all__ = ["Reference", "check_spelling", "is_reference", "read_reference", "reference_name"]

_NAME = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*"
_DOTTED = re.compile(rf"{_NAME}\Z", re.ASCII)
_TEXT = re.compile(rf"({_NAME}):({_NAME})\Z", re.ASCII)
_FUNC_KEYS = ("module", "func", "args", "kwargs")
_CLASS_KEYS = ("class_path", "init_args")


@dataclass(frozen=True)
class Reference:
    """A reference, whichever way it was spelled.

    Attributes:
        module: Module to import; ``None`` if it is not known where the module's name ends.
        name: The rest: attributes to walk; the whole dotted name if ``module`` is ``None``.
        args: Positional arguments.
        kwargs: Arguments by name.
        kwargs_key: Key that the arguments stand under, for messages.
    """

    module: str | None
    name: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    kwargs_key: str = ""

    @property
    def full_name(self) -> str:
        """Module and attributes in one dotted name."""
        return f"{self.module}.{self.name}" if self.module else self.name


def is_reference(value: Any) -> bool:
    """Say whether a value is spelled as a reference, right or nearly so.

    A mapping counts if it has ``class_path``, or both ``module`` and ``func``: whether the rest of
    it is right is for :func:`check_spelling` to say.
    """
    if isinstance(value, str):
        return _TEXT.match(value) is not None
    if isinstance(value, Mapping):
        return "class_path" in value or ("module" in value and "func" in value)
    return False


def reference_name(value: Any) -> str:
    """Give the full dotted name of what a reference names, aliases rewritten; no check."""
    if isinstance(value, Mapping):
        parts = [value["class_path"]] if "class_path" in value else [value["module"], value["func"]]
    else:
        parts = [value]
    return rewrite_alias(".".join(str(part).replace(":", ".") for part in parts))


def check_spelling(value: Any, where: str = "") -> list[Problem]:
    """List what is wrong with the spelling of a reference, and of those in its arguments.

    Nothing is imported: whether the object is there, and takes these arguments, is seen when the
    reference is resolved.

    Args:
        value: What stands where a reference is expected.
        where: Its config path.
    """
    if isinstance(value, str):
        problems = _check_text(value, where)
    elif isinstance(value, Mapping):
        problems = _check_mapping(value, where)
    else:
        return [Problem(where, f"must be a reference such as 'pkg.module:name', not {value!r}")]
    if not problems:
        name = reference_name(value)
        if has_dunder(name):
            problems.append(Problem(where, f"must not use names that begin with '__', as {name!r}"))
        elif denied := find_denied(name):
            message = f"must not name {denied!r}: it can run or load any code"
            problems.append(Problem(where, message))
    return problems


def read_reference(value: Any) -> Reference:
    """Read a reference that :func:`check_spelling` has nothing against."""
    spelled = _read(value)
    wanted = find_replacement(spelled.full_name)
    if wanted == spelled.full_name:
        return spelled
    module, _, name = wanted.rpartition(".")
    return replace(spelled, module=module, name=name)


def _read(value: Any) -> Reference:
    if isinstance(value, str):
        return _split(value)
    if "class_path" in value:
        plain = _split(value["class_path"])
        kwargs = value.get("init_args") or {}
        return Reference(plain.module, plain.name, (), kwargs, "init_args")
    module = rewrite_alias(value["module"] + ".").removesuffix(".")
    args, kwargs = tuple(value.get("args") or ()), value.get("kwargs") or {}
    return Reference(module, value["func"], args, kwargs, "kwargs")


def _split(text: str) -> Reference:
    module, colon, name = text.partition(":")
    if colon:
        return Reference(rewrite_alias(module + ".").removesuffix("."), name)
    return Reference(None, rewrite_alias(text))


def _check_text(value: str, where: str) -> list[Problem]:
    if _TEXT.match(value):
        return []
    hint = ""
    if _DOTTED.match(value) and "." in value:
        module, _, name = value.rpartition(".")
        hint = f". Did you mean '{module}:{name}'?"
    message = f"must be a reference such as 'pkg.module:name', not {value!r}{hint}"
    return [Problem(where, message)]


def _check_mapping(value: Mapping[Any, Any], where: str) -> list[Problem]:
    keys = _CLASS_KEYS if "class_path" in value else _FUNC_KEYS
    required = keys[:1] if "class_path" in value else keys[:2]
    problems = [
        Problem(where, f"a reference has the keys {', '.join(keys)}, but {key!r} is missing")
        for key in required
        if key not in value
    ]
    problems += [
        Problem(f"{where}.{key}", f"is not a key of a reference.{did_you_mean(str(key), keys)}")
        for key in value
        if key not in keys
    ]
    for key in required:
        if key in value:
            problems += _check_name(value[key], f"{where}.{key}", key)
    problems += _check_arguments(value, where)
    return problems


def _check_name(value: Any, where: str, key: str) -> list[Problem]:
    if isinstance(value, str):
        if _DOTTED.match(value) and (key != "class_path" or "." in value):
            return []
        if key == "class_path" and _TEXT.match(value):
            return []
    example = {"class_path": "pkg.module.Class", "module": "pkg.module", "func": "name"}[key]
    return [Problem(where, f"must be a dotted name such as '{example}', not {value!r}")]


def _check_arguments(value: Mapping[Any, Any], where: str) -> list[Problem]:
    problems: list[Problem] = []
    key = "init_args" if "class_path" in value else "kwargs"
    kwargs, args = value.get(key), value.get("args")
    if kwargs is not None and not isinstance(kwargs, Mapping):
        problems.append(Problem(f"{where}.{key}", f"must be arguments by name, not {kwargs!r}"))
    elif kwargs:
        problems += [
            Problem(f"{where}.{key}", f"the name of an argument must be text, not {name!r}")
            for name in kwargs
            if not isinstance(name, str)
        ]
    if args is not None and not isinstance(args, list | tuple):
        problems.append(Problem(f"{where}.args", f"must be a list of arguments, not {args!r}"))
    # The arguments as a whole are no reference, whatever their names are.
    for name, item in (kwargs if isinstance(kwargs, Mapping) else {}).items():
        problems += _check_inside(item, f"{where}.{key}.{name}")
    return problems + _check_inside(args, f"{where}.args")


def _check_inside(value: Any, where: str) -> list[Problem]:
    if isinstance(value, Mapping):
        if is_reference(value):
            return check_spelling(value, where)
        children = list(value.items())
    elif isinstance(value, list | tuple):
        children = list(enumerate(value))
    else:
        return []
    return [problem for key, item in children for problem in _check_inside(item, f"{where}.{key}")]
