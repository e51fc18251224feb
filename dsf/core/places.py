"""Where in the code an error came from."""

from __future__ import annotations

import sysconfig
import traceback
from pathlib import Path

__all__ = ["find_own_place", "find_place", "shorten"]

_OURS = Path(__file__).resolve().parents[1]
_PYTHONS = Path(sysconfig.get_paths()["stdlib"])


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
        return f"{shorten(Path(error.filename))}:{error.lineno}"
    places = _places(error)
    own = [place for place in places if root and _is_own(place[0], root)]
    return _write(own or places)


def find_own_place(error: BaseException, root: Path | None = None) -> str:
    """Give ``file:line`` of the innermost line of the user's own that an error came through.

    Args:
        error: What was raised.
        root: Folder of the user's files; ``None``: all files that are neither ours, nor Python's,
            nor of an installed package.

    Returns:
        Relative to the working folder where possible; empty if there is none.
    """
    return _write([place for place in _places(error) if _is_own(place[0], root)])


def shorten(path: Path) -> Path:
    """Name a file from the working folder on, if it lies in it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _places(error: BaseException) -> list[tuple[Path, int]]:
    """Give file and line of every call that an error came through, the innermost last."""
    return [
        (Path(frame.filename), frame.lineno or 0)
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<frozen")  # the import system says nothing to a reader
    ]


def _is_own(path: Path, root: Path | None) -> bool:
    if "site-packages" in path.parts:
        return False
    if root is None:
        return not path.is_relative_to(_OURS) and not path.is_relative_to(_PYTHONS)
    return path.is_relative_to(root)


def _write(places: list[tuple[Path, int]]) -> str:
    return f"{shorten(places[-1][0])}:{places[-1][1]}" if places else ""
