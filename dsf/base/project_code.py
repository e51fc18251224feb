"""The project's own files that do a step."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from dsf.core.hashing import hash_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["find_root", "hash_code"]


def find_root(cls: type) -> Path:
    """Find the folder of a project: the one that holds the package of one of its classes.

    A class that was made in no file, in a notebook say, belongs to the working folder.
    """
    file = getattr(sys.modules.get(cls.__module__), "__file__", None)
    folder = Path(file).resolve().parent if file else Path.cwd()
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder


def hash_code(classes: Iterable[type], root: Path) -> dict[str, str]:
    """Hash the files of the project that classes are written in, and those that these import.

    Args:
        classes: Classes of the project.
        root: The project's folder. What lies outside of it, or among installed packages, is not
            the project's.

    Returns:
        File relative to ``root`` → hash.
    """
    found: dict[str, Path] = {}
    waiting = [cls.__module__ for cls in classes]
    while waiting:
        name = waiting.pop()
        file = _own_file(sys.modules.get(name), root)
        if name not in found and file is not None:
            found[name] = file
            waiting.extend(_imports(sys.modules[name]))
    return dict(sorted(hash_files(set(found.values()), root).items()))


def _own_file(module: ModuleType | None, root: Path) -> Path | None:
    file = getattr(module, "__file__", None)
    path = Path(file).resolve() if file else None
    own = path is not None and path.is_relative_to(root) and "site-packages" not in path.parts
    return path if own else None


def _imports(module: ModuleType) -> Iterator[str]:
    """Name the modules that a module's contents come from."""
    for value in list(vars(module).values()):
        if isinstance(value, ModuleType):
            yield value.__name__
        elif isinstance(origin := getattr(value, "__module__", None), str):
            yield origin
