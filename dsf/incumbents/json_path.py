"""Dotted paths into JSON: ``outputs.0.label``."""

from __future__ import annotations

from typing import Any

__all__ = ["JsonPathError", "find_json", "place_json"]


class JsonPathError(Exception):
    """Raised when a path leads nowhere; its text says where it ended."""


def find_json(value: Any, path: str | None) -> Any:
    """Give what stands at a path.

    Args:
        value: JSON as Python data.
        path: Keys and places of lists, with dots between; ``None``: the value itself.

    Raises:
        JsonPathError: If nothing is there.
    """
    for done, part in enumerate(parts := path.split(".") if path else []):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise JsonPathError(f"nothing is at {'.'.join(parts[: done + 1])!r}")
    return value


def place_json(body: Any, path: str | None, value: Any) -> Any:
    """Give a copy of an object with a value put in at a path.

    Args:
        body: The object; not changed.
        path: Keys with dots between; ``None``: the value takes the place of all.
        value: What is put in.
    """
    if not path:
        return value
    key, _, rest = path.partition(".")
    copy = dict(body) if isinstance(body, dict) else {}
    return {**copy, key: place_json(copy.get(key), rest, value)}
