"""Every name of a loss, an optimizer or a callback in a config, looked up before a run does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.config import check_names, find_names
from dsf.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["check_references"]


def check_references(config: Mapping[str, Any]) -> int:
    """Look up every reference of a config, with its arguments; nothing is called.

    Returns:
        How many there are.

    Raises:
        ConfigError: If any cannot be used; lists all of them.
    """
    names = list(find_names(config))
    sources = getattr(config, "sources", None)

    def where_from(path: tuple[str | int, ...]) -> str:
        place = sources.find(path) if sources else None
        return f" ({place})" if place else ""

    if problems := check_names(names, where_from):
        raise ConfigError("The config names what cannot be used.", problems)
    return len(names)
