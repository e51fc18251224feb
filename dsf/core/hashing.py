"""Fingerprints of files and of plain values: equal content, equal hash, on every machine."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["hash_files", "hash_value"]


def hash_value(value: Any) -> str:
    """Hash plain data (what JSON can hold), independent of the order of keys.

    Returns:
        SHA-256 in hexadecimal.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def hash_files(paths: Iterable[Path], root: Path) -> dict[str, str]:
    """Hash the content of files.

    Args:
        paths: Files that exist.
        root: Folder that the names in the answer are relative to.

    Returns:
        Name relative to ``root`` → SHA-256 in hexadecimal.
    """
    return {path.relative_to(root).as_posix(): _hash_file(path) for path in paths}


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
