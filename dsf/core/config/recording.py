"""How live objects are written down."""

from __future__ import annotations

import datetime
import enum
import functools
import inspect
import json
import os
import sys
from collections.abc import Callable, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from dsf.core.config.environment import EnvironmentText

__all__ = ["record"]

TextFilter = Callable[[str], str]

_KEPT = object()  # no value: stands for an argument that an object does not keep
_ARRAYS = ("numpy", "torch")
_ARGUMENTS = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def record(value: Any, text_filter: TextFilter = str) -> Any:
    """Give plain data that stands for a value; plain data stands for itself.

    Args:
        value: Anything.
        text_filter: Applied to text that did not come from the environment.
    """
    return _Recorder(text_filter).record(value)


class _Recorder:
    """Writes a value down, and remembers what it is inside of: objects may know each other."""

    def __init__(self, text_filter: TextFilter) -> None:
        self._text_filter = text_filter
        self._open: list[int] = []

    def record(self, value: Any) -> Any:
        """Record a value of any kind."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) or not _is_compound(value):
            return self._record_scalar(value)
        if id(value) in self._open:
            return None
        self._open.append(id(value))
        try:
            return self._record_compound(value)
        finally:
            self._open.pop()

    def _record_scalar(self, value: Any) -> Any:
        if isinstance(value, enum.Enum):
            return self.record(value.value)
        if isinstance(value, EnvironmentText):
            return value.spelling
        if isinstance(value, str):
            return self._text_filter(str(value))
        if isinstance(value, int):
            return int(value)
        if isinstance(value, float):
            return float(value)
        if isinstance(value, os.PathLike):
            return self._text_filter(os.fspath(value))
        if isinstance(value, datetime.timedelta):
            # As pl.Trainer takes it for max_time.
            parts = {"days": value.days, "seconds": value.seconds}
            return {**parts, **({"microseconds": value.microseconds} if value.microseconds else {})}
        if isinstance(value, datetime.date | datetime.time):
            return value.isoformat()
        return _name(value)

    def _record_compound(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {_key(key): self.record(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.record(item) for item in value]
        if isinstance(value, set | frozenset):
            return sorted((self.record(item) for item in value), key=_rank)
        if type(value).__module__.split(".")[0] in _ARRAYS and hasattr(value, "tolist"):
            return self.record(value.tolist())
        if isinstance(value, functools.partial):
            return self._record_partial(value)
        return self._record_object(value)

    def _record_partial(self, value: functools.partial[Any]) -> dict[str, Any]:
        module, _, name = _name(value.func).partition(":")
        return {
            "module": module,
            "func": name,
            "args": [self.record(item) for item in value.args],
            "kwargs": {key: self.record(item) for key, item in value.keywords.items()},
        }

    def _record_object(self, value: Any) -> dict[str, Any]:
        kind = type(value)
        arguments = {
            name: self.record(kept)
            for name in _constructor_arguments(kind)
            if (kept := _find_attribute(value, name)) is not _KEPT
        }
        return {"class_path": f"{kind.__module__}.{kind.__qualname__}", "init_args": arguments}


def _is_compound(value: Any) -> bool:
    plain = (str, int, float, enum.Enum, os.PathLike, datetime.timedelta, datetime.date)
    named = (type, FunctionType, BuiltinFunctionType, MethodType, ModuleType, datetime.time)
    # NumPy's functions are objects of its own, but have a name as all functions.
    has_name = inspect.getattr_static(value, "__qualname__", None) is not None
    return not isinstance(value, plain + named) and not has_name


def _rank(item: Any) -> tuple[float, str]:
    """Order recorded values of any kinds: numbers by their size before all else."""
    text = json.dumps(item, sort_keys=True)
    return (item, text) if isinstance(item, int | float) else (float("inf"), text)


def _key(key: Any) -> str | int:
    if isinstance(key, bool) or not isinstance(key, str | int):
        return str(key)
    return int(key) if isinstance(key, int) else str(key)


def _constructor_arguments(kind: type) -> list[str]:
    try:
        parameters = inspect.signature(kind).parameters.values()
    except (TypeError, ValueError):  # classes in C need not tell
        return []
    return [parameter.name for parameter in parameters if parameter.kind in _ARGUMENTS]


def _find_attribute(value: Any, name: str) -> Any:
    """Give what an object keeps under a name, without running any property of it.

    A property may do anything: that of a logger makes its folder.
    """
    for attribute in (name, f"_{name}"):
        if attribute in getattr(value, "__dict__", {}):
            return value.__dict__[attribute]
        if inspect.ismemberdescriptor(inspect.getattr_static(type(value), attribute, None)):
            return getattr(value, attribute, _KEPT)
    return _KEPT


def _name(value: Any) -> str:
    """Give the reference to a class, function, method or module."""
    if isinstance(value, ModuleType):
        return value.__name__
    module = getattr(value, "__module__", None) or "builtins"
    name = getattr(value, "__name__", "")
    qualified = getattr(value, "__qualname__", name)
    if qualified != name and getattr(sys.modules.get(module), name, None) is value:
        qualified = name  # torch.sigmoid says that it is _VariableFunctionsClass.sigmoid
    if any(part.startswith("_") for part in module.split(".")) and not isinstance(value, type):
        return _public_name(value, module) or f"{module}:{qualified}"
    return f"{module}:{qualified}"


def _public_name(value: Any, module: str) -> str | None:
    """Find where a package offers what it keeps in a private module.

    F.linear is really ``torch._C._nn:linear``, which is not what anybody would write.
    """
    root = module.partition(".")[0]
    found = [
        f"{home}:{name}"
        for home, loaded in list(sys.modules.items())
        if home.partition(".")[0] == root and "._" not in home
        for name, offered in list(vars(loaded).items())
        if offered is value and not name.startswith("_")
    ]
    return min(found, key=lambda reference: (len(reference), reference), default=None)
