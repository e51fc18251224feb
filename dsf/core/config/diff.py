"""What differs between two configs."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.core.config.tree import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dsf.core.yaml_text import KeyPath

__all__ = ["ABSENT", "Change", "diff_configs"]


class _Absent(enum.Enum):
    """The type of :data:`ABSENT`, so that type checkers know it from a value."""

    ABSENT = "(absent)"

    def __repr__(self) -> str:
        return self.value

    __str__ = __repr__


ABSENT = _Absent.ABSENT
"""Stands for a value that is not there; prints as ``(absent)``."""


@dataclass(frozen=True)
class Change:
    """One place where two configs differ.

    Attributes:
        path: Dotted path.
        old: Value before, or :data:`ABSENT`.
        new: Value after, or :data:`ABSENT`.
    """

    path: str
    old: Any
    new: Any

    def __str__(self) -> str:
        return f"{self.path}: {self.old} -> {self.new}"


def diff_configs(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """List where two frozen configs differ, in the order of their keys.

    Mappings are compared key by key, lists item by item. Two configs differ if and only if their
    hashes do: 1, 1.0 and true are three values.

    Args:
        old: From :func:`dsf.core.config.freeze_config`.
        new: The same.
    """
    return list(_compare(old, new, ()))


def _compare(old: Any, new: Any, path: KeyPath) -> Iterator[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [*old, *(key for key in new if key not in old)]
        pairs = [(key, old.get(key, ABSENT), new.get(key, ABSENT)) for key in keys]
    elif isinstance(old, list) and isinstance(new, list):
        pairs = [
            (index, _item(old, index), _item(new, index))
            for index in range(max(len(old), len(new)))
        ]
    else:
        if not _same(old, new):
            yield Change(dotted(path), old, new)
        return
    for key, before, after in pairs:
        yield from _compare(before, after, (*path, key))


def _item(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else ABSENT


def _same(old: Any, new: Any) -> bool:
    if old is ABSENT or new is ABSENT:
        return old is new
    return json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)
