"""Keys of one's own that look like another key misspelled: worth a warning, never an error."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from dsf.core.config.tree import dotted, lookup
from dsf.core.suggestions import find_closest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from dsf.core.config.sections import Section
    from dsf.core.yaml_text import KeyPath

__all__ = ["Newcomer", "find_newcomers", "warn_near_misses"]

log = logging.getLogger(__name__)

# A key of one's own may well resemble a known one; only a slip of a letter or two is worth a word.
_NEAR = 0.85

Newcomer = tuple["KeyPath", "tuple[str, ...]"]
"""A key that a layer added to a mapping, and the keys that were there before."""


def find_newcomers(old: Any, new: Any, path: KeyPath = ()) -> Iterator[Newcomer]:
    """Give each key that a mapping has in ``new`` and had not in ``old``.

    Args:
        old: Nested data before a layer was added.
        new: The same after.
        path: Where they are.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in new.items():
            if key in old:
                yield from find_newcomers(old[key], value, (*path, key))
            elif old:
                yield (*path, key), tuple(map(str, old))
    elif isinstance(old, list) and isinstance(new, list):
        for index, pair in enumerate(zip(old, new, strict=False)):
            yield from find_newcomers(*pair, (*path, index))


def warn_near_misses(
    data: Mapping[Any, Any],
    schema: type[Section],
    where_from: Callable[[KeyPath], str] = lambda _: "",
    newcomers: Iterable[Newcomer] = (),
    told: Collection[str] = (),
) -> None:
    """Log a warning for each key of one's own that looks like another one misspelled.

    Args:
        data: The config, with what is wrong in it.
        schema: Knows keys; where no others may be, an unknown one is an error and not told here.
        where_from: Says where a path was set; empty if it is not known.
        newcomers: Keys that were added by a layer to what weaker layers have.
        told: Dotted paths of keys that are errors: these need no warning.
    """
    open_sections, closed, known = [], set(), set()
    for path, section in schema.find_sections(data):
        keys = [key for key, _, _ in section.key_fields()]
        known |= {(*path, key) for key in keys}
        if section.model_config.get("extra") == "allow":
            open_sections.append((path, keys))
        else:
            closed.add(path)
    near_keys: dict[KeyPath, str] = {}
    for path, keys in open_sections:
        for key in lookup(data, path):
            if (*path, key) not in known and (near := _find_near(str(key), keys)):
                near_keys[*path, key] = repr(near)
    for path, siblings in newcomers:
        own = path not in known and path[:-1] not in closed and path not in near_keys
        if own and (near := _find_near(str(path[-1]), siblings)):
            near_keys[path] = f"{near!r}{where_from((*path[:-1], near))}"
    for path, near in near_keys.items():
        if dotted(path) in told:
            continue
        place = where_from(path)
        log.warning("%s is a key of your own%s. Did you mean %s?", dotted(path), place, near)


def _find_near(key: str, known: Iterable[str]) -> str | None:
    """Find what a key may be meant to be; ``size_2`` is a sibling of ``size_1``, no slip."""
    near = find_closest(key, known, cutoff=_NEAR)
    if near is None or near == key or _without_digits(near) == _without_digits(key):
        return None
    return near


def _without_digits(text: str) -> str:
    return re.sub(r"\d", "", text)
