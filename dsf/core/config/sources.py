"""Which layer a config's values come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.config.overrides import apply_edit
from dsf.core.config.tree import merge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dsf.core.config.overrides import Edit
    from dsf.core.errors import Problem
    from dsf.core.yaml_file import YamlFile
    from dsf.core.yaml_text import KeyPath

__all__ = ["Layers", "Sources"]


class Sources:
    """Where the values of a config were set.

    Attributes:
        layers: Names of the layers that were used, the weakest first.
    """

    def __init__(self) -> None:
        self.layers: list[str] = []
        self._places: dict[tuple[str, ...], str] = {}

    def __getitem__(self, path: str) -> str:
        """Say where a dotted path was set: a file with its line, a variable, or ``default``."""
        return self.find(tuple(path.split("."))) or "default"

    def note(self, path: KeyPath, place: str) -> None:
        """Note where a path was set; a later note of the same path wins."""
        self._places[tuple(map(str, path))] = place

    def find(self, path: KeyPath) -> str | None:
        """Give the place where a path, or the nearest mapping or list around it, was set."""
        names = tuple(map(str, path))
        for length in range(len(names), 0, -1):
            if (place := self._places.get(names[:length])) is not None:
                return place
        return None


class Layers:
    """Layers on their way to one config: each that is added wins over those below."""

    def __init__(self) -> None:
        self.tree: dict[Any, Any] = {}
        self.sources = Sources()

    def add_file(self, file: YamlFile, data: Mapping[Any, Any], note: str = "") -> None:
        """Lay a file on top.

        Args:
            file: For its name and its lines.
            data: What of it to use.
            note: Why it is used, for example ``(--env local)``.
        """
        self.sources.layers.append(f"{file.name} {note}".strip())
        for path, line in file.lines.items():
            self.sources.note(path, f"{file.name}, line {line}")
        self.tree = merge(self.tree, data)

    def add_edit(self, edit: Edit) -> Problem | None:
        """Lay a single value on top; gives what is wrong if it does not fit what is there."""
        if problem := apply_edit(self.tree, edit):
            return problem
        self.sources.layers.append(edit.source)
        for path in _paths(edit.value, edit.path):
            self.sources.note(path, edit.source)
        return None

    def where_from(self, path: KeyPath) -> str:
        """Give the end of a message: where a path was set."""
        place = self.sources.find(path)
        return f" ({place})" if place else ""


def _paths(value: Any, path: KeyPath) -> Iterator[KeyPath]:
    yield path
    children: Any = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for key, item in children:
        yield from _paths(item, (*path, key))
