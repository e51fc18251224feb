"""Plain sentences for what pydantic and we find wrong with a value."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from dsf.core.config.environment import EnvironmentText
from dsf.core.suggestions import did_you_mean
from dsf.core.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["explain_faults", "show_value"]

_LONGEST = 60

# Type of pydantic's error → what must hold; `{…}` is filled from the error's context.
_LAWS = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "callable_type": "something that can be called",
    "date_type": "a date",
    "dict_type": "a mapping of keys to values",
    "enum": "one of {expected}",
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "float_type": "a number",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number of fewer digits",
    "int_type": "a whole number",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "list_type": "a list",
    "literal_error": "{expected}",
    "mapping_type": "a mapping of keys to values",
    "model_type": "a section with keys",
    "multiple_of": "a multiple of {multiple_of}",
    "none_required": "null",
    "path_type": "a path",
    "set_type": "a list",
    "string_pattern_mismatch": "text that fits the pattern {pattern}",
    "string_too_long": "text of at most {max_length} characters",
    "string_too_short": "text of at least {min_length} characters",
    "string_type": "text",
    "too_long": "a list of at most {max_length} items",
    "too_short": "a list of at least {min_length} items",
    "tuple_type": "a list",
}

_TYPES: tuple[tuple[tuple[type, ...], str], ...] = (
    ((str,), "text of this kind"),
    ((bytes,), "bytes"),
    ((int, float), "a number"),
    ((dict,), "a mapping"),
    ((list, tuple), "a list"),
)


def explain_faults(faults: Sequence[Mapping[str, Any]], value: Any, *, secret: bool = False) -> str:
    """Say in one sentence what all of pydantic's errors about one value mean.

    Args:
        faults: At least one; more if the value may be of several types and is of none.
        value: What came.
        secret: Whether the sentence may say no more of it than its type.
    """
    laws, sentences, hint = [], [], ""
    for fault in faults:
        kind, context = fault["type"], fault.get("ctx", {})
        if kind in ("value_error", "assertion_error"):
            sentences.append(str(context.get("error", fault["msg"])))
        elif kind in _LAWS:
            law = _LAWS[kind].format_map({key: _trim(limit) for key, limit in context.items()})
            laws.append(f"one of {law}" if kind == "literal_error" and " or " in law else law)
            hint = hint or _hint(kind, context, value)
        else:
            sentences.append(fault["msg"][:1].lower() + fault["msg"][1:])
    if laws:
        sentences.insert(0, f"must be {' or '.join(dict.fromkeys(laws))}")
    shown = _show_type(value) if secret else show_value(value)
    return f"{', or '.join(dict.fromkeys(sentences))}, not {shown}.{hint}".rstrip(".")


def show_value(value: Any) -> str:
    """Show a value as one would write it in YAML, in a few words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, EnvironmentText):
        return _shorten(repr(value.spelling))  # what it stands for may be a secret
    if isinstance(value, dict) and len(value) > 3:
        return f"a mapping of {len(value)} keys"
    if isinstance(value, list | tuple) and len(value) > 5:
        return f"a list of {len(value)} items"
    if isinstance(value, dict):
        inside = ", ".join(f"{key}: {show_value(item)}" for key, item in value.items())
        return _shorten(f"{{{inside}}}")
    if isinstance(value, list | tuple):
        return _shorten(f"[{', '.join(map(show_value, value))}]")
    if isinstance(value, os.PathLike):
        return _shorten(repr(os.fspath(value)))
    if isinstance(value, str | bytes | int | float):
        return _shorten(repr(value))
    named = value if hasattr(value, "__qualname__") else type(value)
    name = f"{named.__module__}.{named.__qualname__}"
    return _shorten(name if named is value else f"an object of {name}")


def _show_type(value: Any) -> str:
    """Say of what type a value is; in full where there is nothing to hide."""
    if value is None or value == "" or isinstance(value, bool):
        return show_value(value)
    for kinds, name in _TYPES:
        if isinstance(value, kinds):
            return name
    return f"an object of {type(value).__module__}.{type(value).__qualname__}"


def _hint(kind: str, context: Mapping[str, Any], value: Any) -> str:
    if kind == "literal_error" and isinstance(value, str):
        expected = str(context.get("expected", "")).replace(" or ", ", ").split(", ")
        return did_you_mean(value, [word.strip("'") for word in expected])
    if kind == "string_type" and isinstance(value, int | float) and not isinstance(value, bool):
        return " Put it in quotes"
    if kind in ("float_type", "int_type") and _is_number(value):
        return " Take it out of the quotes"
    return ""


def _trim(limit: Any) -> Any:
    """Write a limit of 0.0 as 0."""
    return f"{limit:g}" if isinstance(limit, float) else limit


def _is_number(value: Any) -> bool:
    if not isinstance(value, str) or isinstance(value, EnvironmentText):
        return False
    number = parse_yaml(value).data  # Python calls more a number than YAML does: nan, 1_000
    return isinstance(number, int | float) and not isinstance(number, bool)


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
