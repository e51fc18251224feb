"""Whether a folder of this machine takes files."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

__all__ = ["local_folder", "why_not_writable"]


def local_folder(uri: str | None) -> Path | None:
    """Give the folder that a ``file:`` URI names; ``None`` for any other URI."""
    if uri is None or not uri.startswith("file:"):
        return None
    return Path(url2pathname(urlsplit(uri).path))


def why_not_writable(folder: Path) -> str:
    """Say what keeps us from writing into a folder; empty if nothing does.

    A folder that is absent is fine where it can be made: the one above it is looked at.
    """
    existing = next(one for one in (folder, *folder.parents) if one.exists())
    if not existing.is_dir():
        return f"{existing} is a file"
    try:
        with tempfile.TemporaryFile(dir=existing):
            return ""
    except OSError as error:
        return f"it refuses a file ({error.strerror or error})"
