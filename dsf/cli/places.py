"""Where in the code an error came from."""

from __future__ import annotations

import traceback
from pathlib import Path

__all__ = ["find_place"]


def find_place(error: BaseException, root: Path | None = None) -> str:
    """Give ``file:line`` of what is most likely to be mended.

    Args:
        error: A ``SyntaxError`` names its own file and line.
        root: The project's folder: the innermost of its own lines is preferred. Other people's
            code below it (a ``.venv``) does not count.

    Returns:
        Relative to the working folder where possible; empty if the error carries no place.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_short(Path(error.filename))}:{error.lineno}"
    places = [
        (Path(frame.filename), frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<frozen")  # the import system says nothing to a reader
    ]
    own = [(path, line) for path, line in places if root and _is_own(path, root)]
    for path, line in reversed(own or places):
        return f"{_short(path)}:{line}"
    return ""


def _is_own(path: Path, root: Path) -> bool:
    return path.is_relative_to(root) and "site-packages" not in path.parts


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
