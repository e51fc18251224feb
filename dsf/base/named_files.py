"""Files that a config names, wherever in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dsf.core.hashing import hash_files

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["hash_file", "list_texts", "names_file"]


def list_texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Give every text in a part of a config, after its dotted path.

    Args:
        value: The part.
        path: Its own dotted path.
    """
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from list_texts(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from list_texts(item, f"{path}.{index}")


def names_file(root: Path, text: str) -> bool:
    """Say whether a text is the path of a file, relative to ``root``."""
    try:
        return bool(text) and (root / text).is_file()
    except (OSError, ValueError):  # too long for a name, or with a null byte: just a text
        return False


def hash_file(path: Path) -> str:
    """Hash the content of one file."""
    return hash_files([path], path.parent)[path.name]
