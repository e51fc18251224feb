"""Which layer a config's values come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.config.near_misses import find_newcomers
from dsf.core.config.overrides import apply_edit
from dsf.core.config.tree import copy_tree, merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dsf.core.config.near_misses import Newcomer
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
        self._places: dict[tuple[str, ...], tuple[int, str]] = {}

    def __getitem__(self, path: str) -> str:
        """Say where a dotted path was set: a file with its line, a variable, or ``default``."""
        return self.find(tuple(path.split("."))) or "default"

    def note(self, path: KeyPath, place: str) -> None:
        """Note where a path was set: in the last layer. A later note of the same path wins."""
        self._places[tuple(map(str, path))] = (len(self.layers), place)

    def find(self, path: KeyPath) -> str | None:
        """Give the place where a path, or the nearest mapping or list around it, was set."""
        names = tuple(map(str, path))
        for length in range(len(names), 0, -1):
            if (noted := self._places.get(names[:length])) is not None:
                return noted[1]
        return None

    def find_below(self, path: KeyPath) -> str | None:
        """Give the place where the strongest layer set something inside of a path."""
        names = tuple(map(str, path))
        inside = [noted for known, noted in self._places.items() if known[: len(names)] == names]
        return max(inside, default=(0, None), key=lambda noted: noted[0])[1]

    def list_given(self, paths: Iterable[KeyPath]) -> list[tuple[KeyPath, str]]:
        """Give those paths that were set themselves, with their places; the strongest first."""
        given = [
            (self._places[names], path)
            for path in paths
            if (names := tuple(map(str, path))) in self._places
        ]
        given.sort(key=lambda one: -one[0][0])
        return [(path, place) for (_, place), path in given]


class Layers:
    """Layers on their way to one config: each that is added wins over those below.

    Attributes:
        tree: The values so far.
        sources: Where they were set.
        newcomers: Keys that a layer added to mappings of weaker layers.
    """

    def __init__(self) -> None:
        self.tree: dict[Any, Any] = {}
        self.sources = Sources()
        self.newcomers: list[Newcomer] = []

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
        merged = merge(self.tree, data)
        self.newcomers += find_newcomers(self.tree, merged)
        self.tree = merged

    def add_edit(self, edit: Edit) -> Problem | None:
        """Lay a single value on top; gives what is wrong if it does not fit what is there."""
        before = copy_tree(self.tree)
        if problem := apply_edit(self.tree, edit):
            return problem
        self.newcomers += find_newcomers(before, self.tree)
        self.sources.layers.append(edit.source)
        for path in _paths(edit.value, edit.path):
            self.sources.note(path, edit.source)
        return None

    def where_from(self, path: KeyPath, involved: Sequence[KeyPath] = ()) -> str:
        """Give the end of a message: where a path was set.

        Args:
            path: What the message is about.
            involved: All that it is about, if that is more; those set by the strongest layer are
                named first, defaults not at all.
        """
        if given := self.sources.list_given(involved):
            return f" ({'; '.join(f'{path[-1]}: {place}' for path, place in given)})"
        place = self.sources.find(path) or (path and self.sources.find_below(path))
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
