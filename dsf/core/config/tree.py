"""Nested plain data, and the dotted paths that lead into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dsf.core.references import is_reference, reference_name

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["copy_tree", "dotted", "lookup", "merge", "unwrap_scalar"]


def dotted(path: Sequence[str | int]) -> str:
    """Write a path as it is written on the command line: ``trainer_config.callbacks.0``."""
    return ".".join(str(key) for key in path)


def copy_tree(value: Any) -> Any:
    """Copy mappings and lists, and keep everything in them as it is: live objects stay theirs.

    Mappings become dicts, and NumPy's numbers Python's.
    """
    if isinstance(value, Mapping):
        return {key: copy_tree(item) for key, item in value.items()}
    if type(value) is list:
        return [copy_tree(item) for item in value]
    return unwrap_scalar(value)


def unwrap_scalar(value: Any) -> Any:
    """Turn a NumPy number into Python's, without importing NumPy; give all else back."""
    if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
        return value.item()
    return value


def lookup(tree: Any, path: Sequence[str | int]) -> Any:
    """Give the value at a path.

    Raises:
        KeyError: If there is none.
    """
    for key in path:
        is_item = isinstance(tree, list) and isinstance(key, int) and 0 <= key < len(tree)
        if not is_item and not isinstance(tree, dict):
            raise KeyError(key)
        tree = tree[key]
    return tree


def merge(base: Mapping[Any, Any], over: Mapping[Any, Any]) -> dict[Any, Any]:
    """Lay one mapping over another: mappings merge key by key, all else is replaced whole.

    A reference that names something else replaces the reference below it whole: the arguments of
    the one would not fit the other.
    """
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(value, dict) and not _swaps(below, value):
            merged[key] = merge(below, value)
        else:
            merged[key] = copy_tree(value)
    return merged


def _swaps(below: dict[Any, Any], value: dict[Any, Any]) -> bool:
    if not is_reference(value):
        return False
    return not is_reference(below) or reference_name(below) != reference_name(value)
