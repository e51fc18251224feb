"""A config on its way from one set of words to another, every value with the place it is from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import Problem
from dsf.tasks.multilabel.from_yaml.hooks import is_ours

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TranslatedConfig"]


class TranslatedConfig:
    """What a YAML becomes.

    Args:
        root: What stands below ``trainer_config``.
        ours: Hook → our own component for it.

    Attributes:
        config: What was translated so far.
        problems: What does not fit together, by paths in the YAML.
        notes: What has no effect.
    """

    def __init__(self, root: Mapping[str, Any], ours: Mapping[str, str]) -> None:
        self.root = root
        self.module = root["lightning_module_config"]
        self.data = root["data_module_config"]
        self.config: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self._ours = ours
        self._places: dict[str, str] = {}

    def put(self, path: str, value: Any, place: str) -> None:
        """Set a path of the config.

        Args:
            path: Dotted.
            value: Its value.
            place: Where in the YAML it is from.
        """
        *sections, key = path.split(".")
        at = self.config
        for section in sections:
            at = at.setdefault(section, {})
        at[key] = value
        self._places[path] = place

    def blame(self, where: str, message: str) -> None:
        """Note that something is wrong at a place of the YAML."""
        self.problems.append(Problem(where, message))

    def place_of(self, where: str) -> str:
        """Give the path in the YAML that a path of the config comes from."""
        parts = where.split(".")
        for length in range(len(parts), 0, -1):
            known = self._places.get(".".join(parts[:length]))
            if known is not None:
                return ".".join([known, *parts[length:]])
        return where

    def take_hook(self, section: str, name: str, reference: Any, place: str) -> bool:
        """Take a hook over unless it is ours; say whether it is."""
        if self.is_our(name, reference):
            return True
        self.put(f"{section}.hooks.{name}", reference, place)
        return False

    def is_our(self, name: str, reference: Any) -> bool:
        """Say whether a reference names our own component for a hook."""
        return is_ours(reference, self._ours.get(name, ""))

    def map_place(self, path: str, place: str) -> None:
        """Say where in the YAML what has no place of its own is from."""
        self._places[path] = place
